// Manifests and blobs, checked against their digest where the bytes are read. OCI distribution-spec, "Pull" and "Push".
import { ActionError } from '../errors.ts';
import { nameOf } from '../http/faults.ts';
import type { HttpAnswer } from '../http/transport.ts';
import { type Digest, digestOf, isDigest } from '../model/digest.ts';
import { isRecord, parseJson } from '../model/parsed.ts';
import { formatRepository } from '../model/reference.ts';
import type { Descriptor } from '../model/subject.ts';
import type { RegistryClient, RegistryRequest } from './client.ts';
import { ACCEPT_MANIFESTS, mediaTypeOf } from './media-types.ts';

/** Bytes: registries take 4 MiB, some more. */
export const MANIFEST_LIMIT = 8 << 20;

export interface Manifest extends Descriptor {
  readonly bytes: Buffer;
  readonly json: Readonly<Record<string, unknown>>;
  /** Strong ETag, where the registry gives one. */
  readonly etag?: string;
}

/** The manifest by digest or tag; undefined when there is none. */
export async function readManifest(
  client: RegistryClient,
  reference: string,
  signal?: AbortSignal,
): Promise<Manifest | undefined> {
  const answer = await client.send(
    {
      method: 'GET',
      path: `manifests/${reference}`,
      purpose: `read the manifest ${reference}`,
      limit: MANIFEST_LIMIT,
      headers: { accept: ACCEPT_MANIFESTS },
      ...(signal ? { signal } : {}),
    },
    [200, 404],
  );
  if (answer.status === 404) return undefined;
  // A sign-in page is a wrong address, not changed content.
  if (mediaTypeOf(answer.headers) === 'text/html') throw notManifest(client, reference, answer);
  const digest = digestOf(answer.body);
  const claimed = isDigest(reference)
    ? reference
    : (answer.headers.get('docker-content-digest') ?? digest);
  if (claimed !== digest) throw mismatch(client, claimed, digest);
  const json = parseJson(answer.body.toString());
  const mediaType =
    isRecord(json) && typeof json['mediaType'] === 'string'
      ? json['mediaType']
      : mediaTypeOf(answer.headers);
  // image-spec: a document with both would be read as an image by one client and as an index by another.
  if (!isRecord(json) || (json['manifests'] !== undefined && json['layers'] !== undefined)) {
    throw notManifest(client, reference, answer);
  }
  const etag = answer.headers.get('etag');
  return {
    digest,
    mediaType,
    size: answer.body.byteLength,
    bytes: answer.body,
    json,
    ...(etag?.startsWith('"') ? { etag } : {}),
  };
}

/** The blob's bytes, `limit` of them at most. */
export async function readBlob(
  client: RegistryClient,
  digest: Digest,
  limit: number,
  signal?: AbortSignal,
): Promise<Buffer> {
  const { body } = await client.send(
    {
      method: 'GET',
      path: `blobs/${digest}`,
      purpose: `read the blob ${digest}`,
      limit,
      ...(signal ? { signal } : {}),
    },
    [200],
  );
  const actual = digestOf(body);
  if (actual !== digest) throw mismatch(client, digest, actual);
  return body;
}

/** Opens an upload, which is also the proof that we may push here. */
export async function startUpload(client: RegistryClient): Promise<URL> {
  const answer = await client.send(
    { method: 'POST', path: 'blobs/uploads/', purpose: 'push', limit: MANIFEST_LIMIT },
    [202],
  );
  const location = answer.headers.get('location');
  if (location === null || !URL.canParse(location, answer.url.href))
    throw new ActionError('service', 'SERVICE_ANSWER', {
      message: `Cannot push in "${formatRepository(client.repository)}": the registry gave no Location for the upload`,
      remedy: `check that ${client.origin.host} is the registry`,
    });
  return new URL(location, answer.url);
}

/** Puts the blob into an open upload; a session that is gone is opened again once. */
export async function finishUpload(
  client: RegistryClient,
  upload: URL,
  bytes: Buffer,
): Promise<void> {
  const put = (location: URL, accepted: readonly number[]): Promise<{ status: number }> =>
    client.send(
      {
        method: 'PUT',
        path: new URL(
          `${location.href}${location.search ? '&' : '?'}digest=${encodeURIComponent(digestOf(bytes))}`,
        ),
        purpose: 'push a blob',
        limit: MANIFEST_LIMIT,
        body: bytes,
        headers: { 'content-type': 'application/octet-stream' },
      },
      accepted,
    );
  const first = await put(upload, [201, 404, 416]);
  if (first.status !== 201) await put(await startUpload(client), [201]);
}

export async function ensureBlob(client: RegistryClient, bytes: Buffer): Promise<void> {
  const head = await client.send(
    { method: 'HEAD', path: `blobs/${digestOf(bytes)}`, purpose: 'look for a blob', limit: 0 },
    [200, 404],
  );
  if (head.status === 404) await finishUpload(client, await startUpload(client), bytes);
}

/** What is to be written; the condition is one of RFC 9110 section 13.1, as a header. */
export interface Draft {
  readonly bytes: Buffer;
  readonly mediaType: string;
  readonly condition?: Readonly<Record<string, string>>;
}

/** How to write what others change as well. */
export interface Writing extends Pick<RegistryRequest, 'remedy'> {
  /** Asked before each repetition for what to write now; undefined when it is there already. */
  readonly again?: () => Promise<Draft | undefined>;
  /** Refusals that the caller can deal with. */
  readonly refusals?: readonly number[];
}

export interface Written {
  readonly status: number;
  /** The subject that the registry has linked the manifest to (`OCI-Subject`), if any. */
  readonly linkedTo: string | null;
}

/** Writes a manifest by digest or tag. */
export async function writeManifest(
  client: RegistryClient,
  reference: string,
  draft: Draft,
  { again, refusals = [], ...request }: Writing = {},
): Promise<Written> {
  let last = draft;
  const redraft = async (next: NonNullable<Writing['again']>): Promise<Repetition> => {
    const renewed = await next();
    if (!renewed) return { status: 201, headers: new Headers(), body: NOTHING, url: client.origin };
    last = renewed;
    return sent(renewed);
  };
  const { status, headers } = await client.send(
    {
      ...request,
      ...sent(draft),
      method: 'PUT',
      path: `manifests/${reference}`,
      purpose: `write the manifest ${reference}`,
      limit: MANIFEST_LIMIT,
      ...(again ? { again: () => redraft(again) } : {}),
    },
    [201, ...refusals],
  );
  const stored = headers.get('docker-content-digest');
  const expected = digestOf(last.bytes);
  if (status === 201 && stored !== null && stored !== expected)
    throw mismatch(client, expected, stored);
  return { status, linkedTo: headers.get('oci-subject') };
}

type Repetition = Awaited<ReturnType<NonNullable<RegistryRequest['again']>>>;

const NOTHING = Buffer.alloc(0);

function sent({ bytes, mediaType, condition }: Draft): Pick<RegistryRequest, 'headers' | 'body'> {
  return { body: bytes, headers: { 'content-type': mediaType, ...condition } };
}

function notManifest(
  client: RegistryClient,
  reference: string,
  { url, headers }: HttpAnswer,
): ActionError {
  return new ActionError('service', 'SERVICE_ANSWER', {
    message: `Cannot read the manifest ${reference} in "${formatRepository(client.repository)}": ${nameOf({ method: 'GET', url })} answered ${mediaTypeOf(headers) || 'no type'}, which is not a manifest`,
    remedy: `check that ${client.origin.host} is the registry and not a page in front of it`,
  });
}

function mismatch(client: RegistryClient, expected: string, actual: string): ActionError {
  return new ActionError('service', 'DIGEST_MISMATCH', {
    message: `Cannot trust "${formatRepository(client.repository)}": asked for ${expected}, the registry's bytes are ${actual}`,
    remedy: `find out what changed the content at ${client.origin.host}: a proxy, a cache, or an attacker; do not deploy this image`,
  });
}
