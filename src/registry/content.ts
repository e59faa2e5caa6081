// Reads manifests and blobs, checked against their digest where the bytes are read. OCI distribution-spec, "Pull".
import { ActionError } from '../errors.ts';
import { nameOf } from '../http/faults.ts';
import type { HttpAnswer, Sink } from '../http/message.ts';
import { type Digest, digestOf, isDigest } from '../model/digest.ts';
import { isProblem } from '../text/parsed.ts';
import { isRecord } from '../text/json.ts';
import { formatRepository } from '../model/reference.ts';
import { parseStrictJson } from '../text/strict-json.ts';
import type { Descriptor } from '../model/subject.ts';
import type { RegistryClient } from './client.ts';
import { ACCEPT_MANIFESTS, isManifestType, mediaTypeOf } from './media-types.ts';

/** Bytes: registries accept 4 MiB, some more. */
export const MANIFEST_LIMIT = 8 << 20;
/** Commas and brackets in a manifest of an image, and in one of an artifact. */
const MANIFEST_VALUES = 100_000;
const ARTIFACT_VALUES = 10_000;

export interface Manifest extends Descriptor {
  readonly bytes: Buffer;
  readonly json: Readonly<Record<string, unknown>>;
  /** Strong ETag, if the registry sends one. */
  readonly etag?: string;
}

/** The manifest by digest or tag; undefined if there is none. */
export async function readManifest(
  client: RegistryClient,
  reference: string,
  signal?: AbortSignal,
): Promise<Manifest | undefined> {
  const answer = await askForManifest(client, reference, MANIFEST_LIMIT, signal);
  if (answer.status === 404) return undefined;
  if (SCHEMA_1.test(mediaTypeOf(answer.headers))) throw schema1(client, reference);
  const digest = digestOf(answer.body);
  const claimed = isDigest(reference)
    ? reference
    : (answer.headers.get('docker-content-digest') ?? digest);
  if (claimed !== digest) throw wrongContent(client, claimed, answer);
  const json = recordIn(answer.body, MANIFEST_VALUES);
  if (json?.['schemaVersion'] === 1) throw schema1(client, reference);
  // image-spec: one client would read a document with both as an image and another as an index.
  const isAmbiguous = json?.['manifests'] !== undefined && json['layers'] !== undefined;
  if (!json || !isManifest(answer, json) || isAmbiguous)
    throw notManifest(client, reference, answer);
  const { mediaType } = json;
  const etag = answer.headers.get('etag');
  return {
    digest,
    mediaType: typeof mediaType === 'string' ? mediaType : mediaTypeOf(answer.headers),
    size: answer.body.byteLength,
    bytes: answer.body,
    json,
    ...(etag?.startsWith('"') ? { etag } : {}),
  };
}

/** https://distribution.github.io/distribution/spec/deprecated-schema-v1/ */
const SCHEMA_1 = /^application\/vnd\.docker\.distribution\.manifest\.v1\+(json|prettyjws)$/;

function schema1(client: RegistryClient, reference: string): ActionError {
  return new ActionError('input', 'INPUT_INVALID', {
    message: `Cannot use "${formatRepository(client.repository)}" at "${reference}": it is a Docker image of schema 1, whose digest is not that of its bytes`,
    remedy:
      'build the image again, or pull and push it with a current Docker, and use the digest of that push',
  });
}

/** Bytes: a manifest of an artifact has about 1000. */
export const ARTIFACT_LIMIT = 256 << 10;

/** The manifest of an artifact; undefined if there is none, and empty if it is not unambiguous JSON. */
export async function readArtifact(
  client: RegistryClient,
  digest: Digest,
  signal: AbortSignal,
): Promise<Pick<Manifest, 'size' | 'json'> | undefined> {
  const answer = await askForManifest(client, digest, ARTIFACT_LIMIT, signal);
  const { status, body } = answer;
  if (status === 404) return undefined;
  if (digestOf(body) !== digest) throw wrongContent(client, digest, answer);
  return { size: body.byteLength, json: recordIn(body, ARTIFACT_VALUES) ?? {} };
}

function askForManifest(
  client: RegistryClient,
  reference: string,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  const request = {
    method: 'GET',
    path: `manifests/${reference}`,
    purpose: `read the manifest ${reference} from`,
    limit,
    headers: { accept: ACCEPT_MANIFESTS },
    ...(signal ? { signal } : {}),
  } as const;
  return client.send(request, [200, 404]);
}

/** Counted before it is built: a manifest of millions of values is small as text and large in memory. */
function recordIn(bytes: Buffer, values: number): Readonly<Record<string, unknown>> | undefined {
  const parsed = parseStrictJson(bytes, values);
  return isProblem(parsed) || !isRecord(parsed.value) ? undefined : parsed.value;
}

export interface BlobOptions {
  readonly signal: AbortSignal;
  /** Called for every chunk that arrives. */
  readonly onBytes: (count: number) => void;
}

/** The blob's bytes, at most `limit` of them. */
export async function readBlob(
  client: RegistryClient,
  digest: Digest,
  limit: number,
  { signal, onBytes }: BlobOptions,
): Promise<Buffer> {
  let chunks: Uint8Array[] = [];
  const sink = (): Sink => {
    chunks = [];
    return (chunk) => {
      chunks.push(chunk);
      onBytes(chunk.byteLength);
    };
  };
  const purpose = `read the blob ${digest} from`;
  await client.send(
    { method: 'GET', path: `blobs/${digest}`, purpose, limit, signal, sink },
    [200],
  );
  const body = Buffer.concat(chunks);
  if (digestOf(body) !== digest) throw mismatch(client, digest, digestOf(body));
  return body;
}

/** A sign-in page or an error as JSON means a wrong address and not changed content. */
function wrongContent(client: RegistryClient, claimed: string, answer: HttpAnswer): ActionError {
  return isManifest(answer, recordIn(answer.body, MANIFEST_VALUES))
    ? mismatch(client, claimed, digestOf(answer.body))
    : notManifest(client, claimed, answer);
}

/** By its Content-Type, if there is one, or by its own fields. */
function isManifest({ headers }: HttpAnswer, json: Manifest['json'] | undefined): boolean {
  const type = mediaTypeOf(headers);
  if (type === '' || isManifestType(type) || json?.['schemaVersion'] === 2) return true;
  return isManifestType(String(json?.['mediaType']));
}

function notManifest(
  client: RegistryClient,
  reference: string,
  { url, headers }: HttpAnswer,
): ActionError {
  return new ActionError('service', 'SERVICE_ANSWER', {
    message: `Cannot read the manifest ${reference} from "${formatRepository(client.repository)}": ${nameOf({ method: 'GET', url })} answered ${mediaTypeOf(headers) || 'no type'}, which is not a manifest`,
    remedy: `check that ${client.origin.host} is the registry and not a login page or proxy in front of it`,
  });
}

export function mismatch(client: RegistryClient, expected: string, actual: string): ActionError {
  return new ActionError('service', 'DIGEST_MISMATCH', {
    message: `Cannot trust "${formatRepository(client.repository)}": requested ${expected}, but the content returned has digest ${actual}`,
    remedy: `find out what changed the content at ${client.origin.host}: a proxy, a cache, or an attacker; do not deploy this image`,
  });
}
