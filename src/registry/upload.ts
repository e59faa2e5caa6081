// Uploads blobs: in one request, or in several where the registry wants that. OCI distribution-spec, "Pushing blobs".
import { ActionError, allOrProblems } from '../errors.ts';
import { whyRefused } from '../http/addresses.ts';
import type { HttpAnswer } from '../http/message.ts';
import { type Digest, digestOf } from '../model/digest.ts';
import { formatRepository, type Repository } from '../model/reference.ts';
import type { RegistryClient } from './client.ts';
import { mediaTypeOf } from './media-types.ts';

const ANSWER_LIMIT = 1 << 20;
/** Bytes of a chunk: proxies that limit the body of a request often take 1 MiB. */
const CHUNK = 512 << 10;
/** The session of the upload is not there any more. */
const GONE = [404, 416];
/** The registry, or a proxy in front of it, does not take the blob in one request. */
const NOT_WHOLE = [405, 413, 416, 501];

/** Opens an upload, which is also the proof that we may push here. */
export async function startUpload(client: RegistryClient): Promise<URL> {
  return locationIn(client, await openUpload(client, [202]));
}

/** Opens so many uploads, and puts a blob that is missing through one that is open already. */
export async function openUploads(
  client: RegistryClient,
  count: number,
  blob: Buffer,
): Promise<readonly URL[]> {
  const [isThere, uploads] = await allOrProblems([
    hasBlob(client, blob),
    allOrProblems(Array.from({ length: count }, () => startUpload(client))),
  ] as const);
  if (isThere) return uploads;
  const [first, ...others] = uploads;
  if (!first) {
    await finishUpload(client, await startUpload(client), blob);
    return [];
  }
  const [, another] = await allOrProblems([
    finishUpload(client, first, blob),
    startUpload(client),
  ] as const);
  return [...others, another];
}

/** Puts the blob into an open upload; a session that is gone is opened again once. */
export async function finishUpload(
  client: RegistryClient,
  upload: URL,
  bytes: Buffer,
): Promise<void> {
  const first = await putWhole(client, upload, bytes, [...GONE, ...NOT_WHOLE]);
  if (first.status === 201) return;
  if (GONE.includes(first.status)) {
    const second = await putWhole(client, await startUpload(client), bytes, NOT_WHOLE);
    if (second.status === 201) return;
  }
  await putInChunks(client, bytes);
}

export async function ensureBlob(client: RegistryClient, bytes: Buffer): Promise<void> {
  if (!(await hasBlob(client, bytes))) await finishUpload(client, await startUpload(client), bytes);
}

async function hasBlob(client: RegistryClient, bytes: Buffer): Promise<boolean> {
  const head = await client.send(
    { method: 'HEAD', path: `blobs/${digestOf(bytes)}`, purpose: 'look for a blob in', limit: 0 },
    [200, 404],
  );
  // A proxy may answer with a web page, which does not mean that the blob exists.
  return head.status === 200 && mediaTypeOf(head.headers) !== 'text/html';
}

/** Whether the registry has copied the blob from another of its repositories. What it answers otherwise is of no interest: the blob can be uploaded. */
export async function mountBlob(
  client: RegistryClient,
  digest: Digest,
  from: Repository,
): Promise<boolean> {
  const mount = `?mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(from.path)}`;
  const answer = await openUpload(client, [201, 202], mount).catch(() => undefined);
  return answer?.status === 201;
}

function openUpload(
  client: RegistryClient,
  accepted: readonly number[],
  query = '',
): Promise<HttpAnswer> {
  const path = `blobs/uploads/${query}`;
  return client.send({ method: 'POST', path, purpose: 'push to', limit: ANSWER_LIMIT }, accepted);
}

function putWhole(
  client: RegistryClient,
  upload: URL,
  bytes: Buffer,
  others: readonly number[],
): Promise<HttpAnswer> {
  return put(client, upload, { bytes, digest: digestOf(bytes) }, [201, ...others]);
}

/** One chunk after the other; a chunk whose answer was lost is refused when it is sent again, and then everything is, once. */
async function putInChunks(client: RegistryClient, bytes: Buffer): Promise<void> {
  const first = await sendChunks(client, bytes, [202, 416]);
  const upload = first ?? (await sendChunks(client, bytes, [202]));
  if (!upload) throw new RangeError('an upload without an answer');
  await put(client, upload, { bytes: Buffer.alloc(0), digest: digestOf(bytes) }, [201]);
}

/** Where the upload is ended; undefined where a chunk is out of order. */
async function sendChunks(
  client: RegistryClient,
  bytes: Buffer,
  accepted: readonly number[],
): Promise<URL | undefined> {
  const opened = await openUpload(client, [202]);
  const size = Math.max(CHUNK, Number(opened.headers.get('oci-chunk-min-length')) || 0);
  let upload = await locationIn(client, opened);
  for (let start = 0; start < bytes.length; start += size) {
    const chunk = bytes.subarray(start, start + size);
    const answer = await client.send(
      {
        method: 'PATCH',
        path: upload,
        purpose: 'push a part of a blob to',
        limit: ANSWER_LIMIT,
        body: chunk,
        headers: {
          'content-type': 'application/octet-stream',
          'content-range': `${start}-${start + chunk.length - 1}`,
        },
      },
      accepted,
    );
    if (answer.status !== 202) return undefined;
    upload = await locationIn(client, answer);
  }
  return upload;
}

function put(
  client: RegistryClient,
  { href, search }: URL,
  { bytes, digest }: { readonly bytes: Buffer; readonly digest: Digest },
  accepted: readonly number[],
): Promise<HttpAnswer> {
  return client.send(
    {
      method: 'PUT',
      path: new URL(`${href}${search ? '&' : '?'}digest=${encodeURIComponent(digest)}`),
      purpose: 'push a blob to',
      limit: ANSWER_LIMIT,
      body: bytes,
      headers: { 'content-type': 'application/octet-stream' },
    },
    accepted,
  );
}

async function locationIn(client: RegistryClient, answer: HttpAnswer): Promise<URL> {
  const header = answer.headers.get('location') ?? '';
  const location = header === '' ? null : URL.parse(header, answer.url.href);
  if (!location) throw noUpload(client, 'the registry gave no Location for the upload');
  const reason = await whyRefused(location, client.origin);
  if (reason === undefined) return location;
  throw noUpload(client, `the registry sends the upload to ${location.origin}, but ${reason}`);
}

function noUpload(client: RegistryClient, state: string): ActionError {
  return new ActionError('service', 'SERVICE_ANSWER', {
    message: `Cannot push to "${formatRepository(client.repository)}": ${state}`,
    remedy: `check that ${client.origin.host} is the registry`,
  });
}
