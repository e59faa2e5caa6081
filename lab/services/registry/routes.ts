// The handler of each request of the distribution API, and the permission that it requires.
import { type Answer, type Exchange, json } from '../answer.ts';
import type { Gatekeeper } from './auth.ts';
import { type BlobContext, continueUpload, readBlob, startUpload } from './blobs.ts';
import { refuse } from './errors.ts';
import { deleteManifest, readManifest, writeManifest } from './manifests.ts';
import type { RateLimit } from './rate-limit.ts';
import { listReferrers } from './referrers.ts';
import type { Repository } from './store.ts';

export interface RegistryContext extends BlobContext {
  readonly gatekeeper: Gatekeeper;
  readonly limit: RateLimit;
}

interface Route {
  readonly name: string;
  readonly kind: string;
  readonly rest: string;
}

const PATH = /^\/v2\/(.+?)\/(blobs\/uploads|blobs|manifests|referrers|tags)\/(.*)$/;
const NAME = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;

export function route(exchange: Exchange, context: RegistryContext): Answer {
  const { pathname } = exchange.url;
  context.limit.take();
  if (pathname === '/token') return context.gatekeeper.token(exchange);
  if (pathname === '/v2/' || pathname === '/v2') return context.gatekeeper.ping(exchange);
  const [, name, kind, rest] = PATH.exec(pathname) ?? [];
  if (name === undefined || kind === undefined || rest === undefined)
    return { status: 404, body: '404 page not found\n' };
  if (!NAME.test(name)) throw refuse('NAME_INVALID', 'invalid repository name');

  // What a proxy refuses, the registry never sees.
  if (exchange.body.length > context.settings.largestBody)
    return { status: 413, headers: { 'Content-Type': 'text/html' }, body: 'Too Large' };
  const reading = exchange.method === 'GET' || exchange.method === 'HEAD';
  context.gatekeeper.check(exchange, name, reading && kind !== 'blobs/uploads' ? 'pull' : 'push');
  const from = exchange.url.searchParams.get('from');
  if (from !== null) context.gatekeeper.check(exchange, from, 'pull');
  const where = { name, kind, rest: decodeURIComponent(rest) };
  return reading ? read(where, exchange, context) : change(where, exchange, context);
}

function read({ name, kind, rest }: Route, exchange: Exchange, context: RegistryContext): Answer {
  if (kind === 'blobs/uploads') return continueUpload(name, rest, exchange, context);
  if (kind === 'referrers')
    return listReferrers(context.store.find(name), rest, exchange, context.settings);
  const repository = context.store.find(name);
  if (!repository) throw refuse('NAME_UNKNOWN', 'repository name not known to registry');
  switch (kind) {
    case 'blobs':
      return readBlob(repository, rest, context);
    case 'manifests':
      return readManifest(repository, rest, exchange, context.settings);
    default:
      return json(200, { name, tags: listTags(repository) });
  }
}

function change({ name, kind, rest }: Route, exchange: Exchange, context: RegistryContext): Answer {
  switch (`${exchange.method} ${kind}`) {
    case 'POST blobs/uploads':
      return startUpload(name, exchange, context);
    case 'PATCH blobs/uploads':
    case 'PUT blobs/uploads':
    case 'DELETE blobs/uploads':
      return continueUpload(name, rest, exchange, context);
    case 'PUT manifests':
      return writeManifest(name, context.store.create(name), rest, exchange, context.settings);
    case 'DELETE manifests':
      return deleteManifest(context.store.create(name), rest);
    default:
      throw refuse('UNSUPPORTED', 'the operation is unsupported');
  }
}

function listTags(repository: Repository): string[] {
  return [...repository.tags.keys()].sort();
}
