// A registry under attack: it serves any bytes with any declared type and size, at any speed.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const INDEX = 'application/vnd.oci.image.index.v1+json';
export const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const EMPTY = 'application/vnd.oci.empty.v1+json';

/** Instead of the content: a status, no response at all, or single bytes from time to time. */
export type Manner = { readonly status: number } | 'hang' | 'drip';

export interface Victim {
  readonly digest: string;
  readonly size: number;
}

export interface Referral {
  /** Declared for the bundle in its manifest, instead of the real value. */
  readonly layerSize?: number;
  /** Declared for the manifest in the list, instead of the real value. */
  readonly manifestSize?: number;
  /** JSON members that are added to the manifest. */
  readonly members?: string;
  /** Annotations in the list. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** The response of the registry for the manifest, and for the bundle. */
  readonly manifest?: Manner;
  readonly blob?: Manner;
}

export class HostileRegistry {
  readonly #server = http.createServer((request, response) => this.#answer(request, response));
  readonly #content = new Map<string, { readonly type: string; readonly bytes: Buffer }>();
  readonly #manners = new Map<string, Manner>();
  readonly #tags = new Map<string, () => Iterable<Buffer>>();
  /** What the Referrers API lists, as JSON without the brackets around it. */
  readonly referrers: string[] = [];
  requests = 0;

  async start(): Promise<this> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return this;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  push(content: string): Victim {
    const config = this.blob(Buffer.from(content));
    return this.manifest({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: config,
        size: content.length,
      },
      layers: [],
    });
  }

  blob(bytes: Buffer): string {
    return this.#put('application/octet-stream', bytes);
  }

  manifest(content: object | Buffer): Victim {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content));
    return { digest: this.#put(MANIFEST, bytes), size: bytes.length };
  }

  /** A tag with this document, in chunks, so that it may be larger than memory. */
  tag(name: string, pieces: () => Iterable<Buffer>): void {
    this.#tags.set(name, pieces);
  }

  /** A referrer of the victim with this bundle, listed after the existing ones. */
  refer(victim: Victim, bundle: string | Buffer, referral: Referral = {}): void {
    const bytes = Buffer.from(bundle);
    const digest = this.blob(bytes);
    const head = JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      artifactType: BUNDLE,
      config: { mediaType: EMPTY, digest: this.blob(Buffer.from('{}')), size: 2 },
      layers: [{ mediaType: BUNDLE, digest, size: referral.layerSize ?? bytes.length }],
      subject: { mediaType: MANIFEST, ...victim },
      annotations: { number: String(this.referrers.length) },
    });
    const members = referral.members === undefined ? '' : `,${referral.members}`;
    const manifest = this.manifest(Buffer.from(`${head.slice(0, -1)}${members}}`));
    if (referral.manifest) this.#manners.set(`manifests/${manifest.digest}`, referral.manifest);
    if (referral.blob) this.#manners.set(`blobs/${digest}`, referral.blob);
    const size = referral.manifestSize ?? manifest.size;
    const { annotations } = referral;
    this.referrers.push(
      JSON.stringify({
        mediaType: MANIFEST,
        digest: manifest.digest,
        size,
        artifactType: BUNDLE,
        annotations,
      }),
    );
  }

  #put(type: string, bytes: Buffer): string {
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    this.#content.set(digest, { type, bytes });
    return digest;
  }

  #answer(request: http.IncomingMessage, response: http.ServerResponse): void {
    this.requests++;
    const [, kind = '', name = ''] =
      /\/(manifests|blobs|referrers)\/([^/?]+)/.exec(request.url ?? '') ?? [];
    const manner = this.#manners.get(`${kind}/${name}`);
    if (manner === 'hang') return;
    if (manner === 'drip') drip(response);
    else if (manner) response.writeHead(manner.status).end();
    else if (kind === 'referrers') send(response, INDEX, this.#list());
    else this.#serve(name, response);
  }

  #serve(name: string, response: http.ServerResponse): void {
    const tag = this.#tags.get(name);
    const content = this.#content.get(name);
    if (tag) send(response, name.includes('.') ? MANIFEST : INDEX, tag());
    else if (content) send(response, content.type, [content.bytes]);
    else response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
  }

  *#list(): Iterable<Buffer> {
    yield Buffer.from(`{"schemaVersion":2,"mediaType":"${INDEX}","manifests":[`);
    for (const [index, referrer] of this.referrers.entries()) {
      yield Buffer.from(`${index > 0 ? ',' : ''}${referrer}`);
    }
    yield Buffer.from(']}');
  }
}

function send(response: http.ServerResponse, type: string, pieces: Iterable<Buffer>): void {
  response.writeHead(200, { 'content-type': type });
  const iterator = pieces[Symbol.iterator]();
  const write = (): void => {
    for (let piece = iterator.next(); !piece.done; piece = iterator.next()) {
      if (response.write(piece.value)) continue;
      response.once('drain', write);
      return;
    }
    response.end();
  };
  write();
}

function drip(response: http.ServerResponse): void {
  response.writeHead(200, { 'content-type': MANIFEST });
  const timer = setInterval(() => response.write('{'), 200);
  response.on('close', () => clearInterval(timer));
}
