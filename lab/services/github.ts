// GitHub's attestations API, and the blob storage to which its bundle URLs point.
import { createHash } from 'node:crypto';

import { type Answer, type Exchange, json, parseObject, Refusal } from './answer.ts';
import { AttestationStore, type Page, type StoredAttestation } from './github/attestations.ts';
import { type AttestationRight, defaultSettings, type GitHubSettings } from './github/settings.ts';
import { encodeSnappy } from './github/snappy.ts';
import { type Running, Service } from './service.ts';

export interface GitHubOptions extends Partial<GitHubSettings> {
  readonly port?: number;
}

export interface GitHubFacts {
  readonly url: string;
  readonly blobs: string;
}

const REPOSITORY_ID = 1_000_001;
const DOCUMENTATION = 'https://docs.github.com/rest/repos/attestations';
const PATH = /^\/(repos|orgs|users)\/(.+?)\/attestations(?:\/(.+))?$/;

export async function serveGitHub({
  port,
  ...chosen
}: GitHubOptions): Promise<Running<GitHubFacts>> {
  const settings: GitHubSettings = { ...defaultSettings, ...chosen };
  const service = new Service();
  const blobs = await service.open('blobs');
  const api = await service.open('github', port);
  const attestations = new Attestations(settings, blobs.origin);
  blobs.serve((exchange) => attestations.readBlob(exchange));
  api.serve((exchange) => attestations.route(exchange));
  return service.ready({ url: api.origin, blobs: blobs.origin }, (changes) =>
    Object.assign(settings, changes),
  );
}

class Attestations {
  readonly #store = new AttestationStore();
  readonly #settings: GitHubSettings;
  readonly #blobs: string;

  constructor(settings: GitHubSettings, blobs: string) {
    this.#settings = settings;
    this.#blobs = blobs;
  }

  route(exchange: Exchange): Answer {
    const { method, url } = exchange;
    const [, scope, owner, digest] = PATH.exec(url.pathname) ?? [];
    if (url.pathname === '/meta') return json(200, { domains: this.#domains() });
    if (scope === undefined || owner === undefined) throw refuse(404, 'Not Found');
    const right = this.#rightOf(exchange);
    if (method === 'POST' && scope === 'repos' && digest === undefined)
      return this.#create(owner, exchange, right);
    if (method === 'GET' && digest !== undefined)
      return this.#list(scope, owner, decodeURIComponent(digest), exchange, right);
    throw refuse(404, 'Not Found');
  }

  #domains(): object {
    const { trustDomain } = this.#settings;
    return trustDomain === '' ? {} : { artifact_attestations: { trust_domain: trustDomain } };
  }

  #rightOf({ headers }: Exchange): AttestationRight {
    const token = /^(?:token|bearer) (.+)$/i.exec(headers.authorization ?? '')?.[1];
    if (token === undefined) return 'none';
    const right = this.#settings.tokens[token];
    if (right === undefined) throw refuse(401, 'Bad credentials');
    return right;
  }

  #create(repository: string, { headers, body }: Exchange, right: AttestationRight): Answer {
    if (headers.authorization === undefined) throw refuse(404, 'Not Found');
    if (right !== 'write') throw refuse(403, 'Resource not accessible by integration');
    const { bundle, initiator } = parseObject(body) ?? {};
    try {
      const { id } = this.#store.add(
        repository,
        bundle,
        initiator === 'github' ? 'github' : 'user',
      );
      return json(201, { id });
    } catch (error) {
      throw refuse(422, error instanceof Error ? error.message : String(error));
    }
  }

  #list(
    scope: string,
    owner: string,
    digest: string,
    { url, headers }: Exchange,
    right: AttestationRight,
  ): Answer {
    if (this.#settings.visibility === 'private' && right === 'none') {
      throw headers.authorization === undefined
        ? refuse(404, 'Not Found')
        : refuse(403, 'Resource not accessible by integration');
    }
    if (scope === 'orgs' && !this.#settings.organizations.includes(owner))
      throw refuse(404, 'Not Found');
    const name = owner.toLowerCase();
    const owned = (repository: string): boolean =>
      scope === 'repos' ? repository === name : repository.startsWith(`${name}/`);
    const query = new URLSearchParams(url.searchParams);
    query.set(
      'per_page',
      String(Math.min(Number(query.get('per_page') ?? 30), this.#settings.pageSize)),
    );
    const page = this.#store.list(owned, digest, query, Date.now() - this.#settings.listLag);
    if (page.attestations.length === 0) throw refuse(404, 'Not Found');
    return json(
      200,
      { attestations: page.attestations.map((attestation) => this.#describe(attestation)) },
      linkTo(page, url),
    );
  }

  #describe({ id, bundle, initiator }: StoredAttestation): object {
    const bundleUrl = `${this.#blobs}/attestations/${REPOSITORY_ID}/${id}.json.sn?se=2030&sig=${signatureOf(id)}`;
    return {
      repository_id: REPOSITORY_ID,
      bundle_url: bundleUrl,
      initiator,
      bundle: this.#settings.bundles === 'inline' ? bundle : null,
    };
  }

  /** Azure storage rejects a request with both a signed query and an Authorization header. */
  readBlob({ url, headers }: Exchange): Answer {
    if (headers.authorization !== undefined) {
      return {
        status: 400,
        headers: { 'Content-Type': 'application/xml' },
        body: '<Error><Code>InvalidAuthenticationInfo</Code></Error>',
      };
    }
    const id = Number(/\/(\d+)\.json\.sn$/.exec(url.pathname)?.[1]);
    const attestation = this.#store.find(id);
    if (!attestation || url.searchParams.get('sig') !== signatureOf(id)) return { status: 403 };
    const bytes = Buffer.from(JSON.stringify(attestation.bundle));
    return this.#settings.encoding === 'snappy'
      ? {
          status: 200,
          headers: { 'Content-Type': 'application/x-snappy' },
          body: encodeSnappy(bytes),
        }
      : { status: 200, headers: { 'Content-Type': 'application/json' }, body: bytes };
  }
}

function linkTo({ next }: Page, current: URL): Record<string, string> {
  if (next === undefined) return {};
  const url = new URL(current);
  url.searchParams.set('after', next);
  return { Link: `<${url.href}>; rel="next"` };
}

function signatureOf(id: number): string {
  return createHash('sha256').update(`presigned ${id}`).digest('base64url');
}

function refuse(status: number, message: string): Refusal {
  return new Refusal(
    json(status, { message, documentation_url: DOCUMENTATION, status: String(status) }),
  );
}
