// Blobs of the embedded registry: reading, uploading in one or several requests, mounting.
import { type Answer, type Exchange, Refusal } from '../answer.ts';
import { refuse } from './errors.ts';
import type { RegistrySettings } from './settings.ts';
import { digestOf, openUpload, type Repository, type Store } from './store.ts';

export interface BlobContext {
  readonly store: Store;
  readonly settings: RegistrySettings;
  readonly storage: string;
}

export function readBlob(
  repository: Repository,
  digest: string,
  { settings, storage }: BlobContext,
): Answer {
  const bytes = repository.blobs.get(digest);
  if (!bytes) throw refuse('BLOB_UNKNOWN', 'blob unknown to registry');
  if (settings.blobs === 'storage') {
    return { status: 307, headers: { Location: `${storage}/blobs/${digest}?signature=presigned` } };
  }
  return blobAnswer(digest, bytes);
}

/** The storage server behind a redirect: like S3, it rejects a second authentication scheme. */
export function readFromStorage({ url, headers }: Exchange, store: Store): Answer {
  if (headers.authorization !== undefined) {
    return {
      status: 400,
      body: '<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message></Error>',
    };
  }
  const digest = url.pathname.replace(/^\/blobs\//, '');
  const bytes = store.blob(digest);
  return bytes && url.searchParams.get('signature') === 'presigned'
    ? blobAnswer(digest, bytes)
    : { status: 403 };
}

// https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs
export function startUpload(
  name: string,
  exchange: Exchange,
  { store, settings }: BlobContext,
): Answer {
  const repository = store.create(name);
  const { searchParams } = exchange.url;
  const mount = searchParams.get('mount');
  const source = store.find(searchParams.get('from') ?? '')?.blobs.get(mount ?? '');
  if (mount !== null && settings.mounts === 'refused')
    throw refuse('BLOB_UNKNOWN', 'blob unknown to registry');
  if (mount !== null && source && settings.mounts === 'done') {
    repository.blobs.set(mount, source);
    return created(name, mount);
  }
  const digest = searchParams.get('digest');
  if (digest !== null && settings.singlePost === 'stored') {
    return keep(name, repository, exchange.body, digest);
  }
  return accepted(name, openUpload(repository), 0);
}

export function continueUpload(
  name: string,
  session: string,
  exchange: Exchange,
  { store, settings }: BlobContext,
): Answer {
  const repository = store.create(name);
  const sofar = repository.uploads.get(session);
  if (!sofar) throw refuse('BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry');
  const { method, headers, url, body } = exchange;
  const bytes = Buffer.concat([sofar, body]);
  switch (method) {
    case 'GET':
      return { ...accepted(name, session, sofar.length), status: 204 };
    case 'DELETE':
      repository.uploads.delete(session);
      return { status: 204 };
    case 'PATCH': {
      const [, start] = /^(\d+)-\d+$/.exec(headers['content-range'] ?? '') ?? [];
      if (start !== undefined && Number(start) !== sofar.length) {
        throw new Refusal({ ...accepted(name, session, sofar.length), status: 416 });
      }
      repository.uploads.set(session, bytes);
      return accepted(name, session, bytes.length);
    }
    case 'PUT': {
      if (body.length > 0 && settings.uploads === 'in-parts')
        throw refuse('UNSUPPORTED', 'the operation is unsupported');
      const answer = keep(name, repository, bytes, url.searchParams.get('digest') ?? '');
      repository.uploads.delete(session);
      return answer;
    }
    default:
      throw refuse('UNSUPPORTED', 'the operation is unsupported');
  }
}

function keep(name: string, repository: Repository, bytes: Buffer, digest: string): Answer {
  if (digestOf(bytes) !== digest) {
    throw refuse('DIGEST_INVALID', 'provided digest did not match uploaded content');
  }
  repository.blobs.set(digest, bytes);
  return created(name, digest);
}

function created(name: string, digest: string): Answer {
  return {
    status: 201,
    headers: { Location: `/v2/${name}/blobs/${digest}`, 'Docker-Content-Digest': digest },
  };
}

function accepted(name: string, session: string, length: number): Answer {
  const headers = {
    Location: `/v2/${name}/blobs/uploads/${session}?_state=${session.slice(0, 8)}%2Bstate`,
    Range: `0-${Math.max(length - 1, 0)}`,
    'Docker-Upload-UUID': session,
  };
  return { status: 202, headers };
}

function blobAnswer(digest: string, bytes: Buffer): Answer {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/octet-stream', 'Docker-Content-Digest': digest },
    body: bytes,
  };
}
