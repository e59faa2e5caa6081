// A registry and GitHub's API that serve the documents of one image, each of which can be changed.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { ATTESTATION_LAYER, SIGNATURE_LAYER } from '../../src/cosign/layer.ts';
import { attestationStore } from '../../src/github/attestations.ts';
import { createTransport } from '../../src/http/transport.ts';
import { BUNDLE_MEDIA_TYPE } from '../../src/model/bundle.ts';
import type { FoundBundle } from '../../src/model/found.ts';
import { digestOf } from '../../src/model/digest.ts';
import type { Subject } from '../../src/model/subject.ts';
import type { Concluded } from '../../src/model/verdict.ts';
import { RegistryClient } from '../../src/registry/client.ts';
import type { Keychain } from '../../src/registry/login.ts';
import { EMPTY_CONFIG, OCI_INDEX, OCI_MANIFEST } from '../../src/registry/media-types.ts';
import { githubSource } from '../../src/sources/github.ts';
import { legacySource } from '../../src/sources/legacy.ts';
import { registrySource } from '../../src/sources/registry.ts';
import type { Source } from '../../src/sources/source.ts';
import { annotationsOf } from './annotations.ts';
import type { Sample } from './corpus.ts';
import type { Json } from './mutate.ts';

export const DOCUMENTS = ['referrers', 'tag', 'manifest', 'sig', 'att', 'layer', 'github'] as const;
export type Document = (typeof DOCUMENTS)[number];

export interface Stage {
  readonly subject: Subject;
  readonly sources: readonly Source[];
  /** What is served before anything is changed. */
  readonly samples: readonly Sample[];
  /** The sample with the same kind of content. */
  readonly verify: (found: FoundBundle) => Promise<Concluded>;
  read(document: Document): Json;
  /** Serves these bytes instead; undefined restores the valid ones. */
  change(document: Document, bytes: Buffer | undefined): void;
  close(): Promise<void>;
}

type Samples = Readonly<Record<'bundle' | 'sig' | 'att', Sample>>;

export async function openStage(samples: readonly Sample[]): Promise<Stage> {
  const chosen = choose(samples);
  const { digest } = chosen.bundle;
  const documents = documentsOf(chosen);
  const changes = new Map<Document, Buffer>();
  const original = (document: Document): Buffer => Buffer.from(JSON.stringify(documents[document]));
  const bytesOf = (document: Document): Buffer => {
    const changed = changes.get(document);
    if (changed) return changed;
    // A list names the served manifest, and an image the layer, so that changed content is read.
    const text = (['manifest', 'layer'] as const).reduce((named, other) => {
      const now = changes.get(other);
      return now ? named.replaceAll(nameOf(original(other)), nameOf(now)) : named;
    }, original(document).toString());
    return Buffer.from(text);
  };
  const server = http.createServer((request, response) => {
    const [type, bytes] = answerTo(request.url ?? '', bytesOf, chosen);
    response.writeHead(bytes ? 200 : 404, { 'content-type': type }).end(bytes ?? '{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const registry = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const transport = createTransport({ retryTimeout: 0, onRetry: () => undefined });
  const keychain: Keychain = () =>
    Promise.resolve({ kind: 'anonymous', from: 'no credentials' } as const);
  const repository = { registry, path: 'acme/app' };
  const client = new RegistryClient(repository, 'pull', { transport, keychain });
  const store = attestationStore({
    apiUrl: `http://${registry}/api`,
    token: 't',
    transport,
    retryTimeout: 0,
  });
  const memory = { used: 0 };
  return {
    subject: { repository, digest },
    sources: [
      registrySource(() => client, memory),
      legacySource(() => client, memory),
      githubSource(store, ['acme/app'], memory),
    ],
    samples: Object.values(chosen),
    verify(found) {
      const { bundle, sig, att } = chosen;
      const layer = found.place.includes('.att') ? att : sig;
      const sample = found.layer ? layer : bundle;
      return sample.verify(found, sample.digest);
    },
    read: (document) => documents[document],
    change(document, bytes) {
      if (bytes) changes.set(document, bytes);
      else changes.delete(document);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** In the form of a descriptor. */
function nameOf(bytes: Buffer): string {
  return `"digest":"${digestOf(bytes)}","size":${bytes.length}`;
}

/** A bundle and a layer of each kind, each with a certificate. */
function choose(samples: readonly Sample[]): Samples {
  const layers = samples.filter(({ found }) => found.layer !== undefined);
  const bundles = samples.filter(({ found }) => found.layer === undefined);
  const first = (from: readonly Sample[], content: string): Sample => {
    const pattern = new RegExp(`"${content}".*ertificate|ertificate.*"${content}"`, 's');
    const sample = from.find(({ found }) => pattern.test(found.json.toString()));
    if (!sample) throw new Error(`no sample with ${content}`);
    return sample;
  };
  return {
    bundle: first(bundles, 'dsseEnvelope'),
    sig: first(layers, 'messageSignature'),
    att: first(layers, 'dsseEnvelope'),
  };
}

function documentsOf({ bundle, sig, att }: Samples): Readonly<Record<Document, Json>> {
  const subject = { mediaType: OCI_MANIFEST, digest: bundle.digest, size: 100 };
  const describe = (mediaType: string, bytes: Buffer): { [key: string]: Json } => ({
    mediaType,
    digest: digestOf(bytes),
    size: bytes.length,
  });
  const manifest = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: BUNDLE_MEDIA_TYPE,
    config: describe(EMPTY_CONFIG, Buffer.from('{}')),
    layers: [describe(BUNDLE_MEDIA_TYPE, bundle.found.json)],
    subject,
    annotations: { 'dev.sigstore.bundle.content': 'dsse-envelope' },
  };
  const entry = {
    ...describe(OCI_MANIFEST, Buffer.from(JSON.stringify(manifest))),
    artifactType: BUNDLE_MEDIA_TYPE,
  };
  const list = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [entry] };
  const layered = (mediaType: string, { found }: Sample): Json => ({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    layers: [
      { ...describe(mediaType, found.layer ?? found.json), annotations: annotationsOf(found) },
    ],
  });
  const json = JSON.parse(bundle.found.json.toString()) as Json;
  return {
    referrers: list,
    tag: list,
    manifest,
    sig: layered(SIGNATURE_LAYER, sig),
    att: layered(ATTESTATION_LAYER, att),
    layer: JSON.parse(sig.found.layer?.toString() ?? '{}') as Json,
    github: {
      attestations: [{ bundle: json, repository_id: 1, bundle_url: null, initiator: 'user' }],
    },
  };
}

type Answer = readonly [type: string, bytes: Buffer | undefined];

function answerTo(
  url: string,
  bytesOf: (document: Document) => Buffer,
  { bundle, sig, att }: Samples,
): Answer {
  const name = /\/([^/?]+)(?:\?.*)?$/.exec(url)?.[1] ?? '';
  if (url.startsWith('/api/')) return ['application/json', bytesOf('github')];
  if (url.includes('/referrers/')) return [OCI_INDEX, bytesOf('referrers')];
  if (name.endsWith('.sig')) return [OCI_MANIFEST, bytesOf('sig')];
  if (name.endsWith('.att')) return [OCI_MANIFEST, bytesOf('att')];
  if (name.startsWith('sha256-')) return [OCI_INDEX, bytesOf('tag')];
  const blobs = [
    bytesOf('manifest'),
    bytesOf('layer'),
    bundle.found.json,
    sig.found.layer,
    att.found.layer,
  ];
  // For any digest, so that a change is detected when the digest is compared.
  const blob = blobs.find((bytes) => bytes && digestOf(bytes) === decodeURIComponent(name));
  return [OCI_MANIFEST, blob ?? (url.includes('/manifests/') ? bytesOf('manifest') : undefined)];
}
