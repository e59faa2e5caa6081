// Lists referrers in the fallback tag without losing another writer's: OCI distribution-spec, "Referrers Tag Schema", which has no lock.
import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError } from '../errors.ts';
import type { Digest } from '../model/digest.ts';
import { formatRepository } from '../model/reference.ts';
import type { RegistryClient } from './client.ts';
import { type Manifest, readManifest, writeManifest } from './content.ts';
import { OCI_INDEX } from './media-types.ts';
import { fallbackTag, parseReferrers, type Referrer } from './referrer.ts';

const ATTEMPTS = 8;
/** Bytes; distribution-spec, "Pushing Manifests": a registry must take this much. */
const INDEX_LIMIT = 4 << 20;
/** Milliseconds; a writer that read before we wrote has overwritten us within a few of its round trips. */
const SHORTEST_SETTLING = 100;
const SETTLING_ROUND_TRIPS = 3;

/** Adds the entries to the list of `subject`, all in one update, and returns when they have stayed there. */
export async function listInFallbackTag(
  client: RegistryClient,
  subject: Digest,
  entries: readonly Referrer[],
): Promise<void> {
  const tag = fallbackTag(subject);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const started = performance.now();
    const current = await readManifest(client, tag);
    const roundTrip = performance.now() - started;
    if (current) assertList(client, current, subject);
    const missing = missingFrom(current, entries);
    if (missing.length > 0) {
      const bytes = indexOf(current, missing);
      if (bytes.byteLength > INDEX_LIMIT) throw tooLarge(client, tag, bytes.byteLength);
      const condition = current?.etag ? { 'if-match': current.etag } : {};
      const { status } = await writeManifest(
        client,
        tag,
        { bytes, mediaType: OCI_INDEX },
        condition,
      ).catch((error: unknown) => {
        throw current ? mayBeImmutable(error) : error;
      });
      if (status === 412) {
        await sleep(roundTrip * (1 + 2 * Math.random()));
        continue;
      }
    }
    await sleep(
      Math.max(SHORTEST_SETTLING, SETTLING_ROUND_TRIPS * roundTrip) * (1 + Math.random() / 2),
    );
    if (missingFrom(await readManifest(client, tag), entries).length === 0) return;
  }
  throw new ActionError('service', 'STORE_UNLISTED', {
    message: `Cannot list the signature in "${formatRepository(client.repository)}": other writers replaced the tag ${tag} ${ATTEMPTS} times`,
    remedy:
      'run the job again when fewer jobs sign this image at once; the signature is stored, but nothing finds it yet',
  });
}

function missingFrom(
  current: Manifest | undefined,
  entries: readonly Referrer[],
): readonly Referrer[] {
  const listed = new Map(parseReferrers(current?.json).map((entry) => [entry.digest, entry]));
  return entries.filter(({ digest }) => !listed.has(digest));
}

/** Foreign entries stay as they are and where they are. */
function indexOf(current: Manifest | undefined, missing: readonly Referrer[]): Buffer {
  const foreign = Array.isArray(current?.json['manifests'])
    ? (current.json['manifests'] as unknown[])
    : [];
  return Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      ...current?.json,
      manifests: [...foreign, ...missing],
    }),
  );
}

function assertList(client: RegistryClient, current: Manifest, subject: Digest): void {
  const isList = current.mediaType === OCI_INDEX && Array.isArray(current.json['manifests']);
  // GitLab resolves the tag to the subject itself: appending to that would turn an image into a list of signatures.
  if (current.digest === subject) {
    throw unusable(client, subject, 'the registry answers it with the image itself');
  }
  if (!isList) throw unusable(client, subject, `it holds ${current.mediaType || 'something else'}`);
}

function unusable(client: RegistryClient, subject: Digest, state: string): ActionError {
  return new ActionError('service', 'STORE_UNLISTED', {
    message: `Cannot list the signature in "${formatRepository(client.repository)}": tag ${fallbackTag(subject)} is not a list of referrers, ${state}`,
    remedy: 'use a registry with the OCI 1.1 Referrers API or with plain tags, or "stores: github"',
  });
}

/** Registries refuse to change such a tag with 400, 403, 405, 409 and 412. */
function mayBeImmutable(error: unknown): unknown {
  const isRefusal =
    error instanceof ActionError &&
    (error.code === 'SERVICE_REFUSED' || error.code === 'PERMISSION_REGISTRY');
  if (!isRefusal) return error;
  const { kind, code, message, remedy } = error;
  return new ActionError(kind, code, {
    message,
    remedy: `if the registry makes tags immutable, exclude tags that begin with "sha256-" from the rule; else ${remedy}`,
    cause: error,
  });
}

function tooLarge(client: RegistryClient, tag: string, size: number): ActionError {
  return new ActionError('service', 'LIMIT_EXCEEDED', {
    message: `Cannot list the signature in "${formatRepository(client.repository)}": tag ${tag} would grow to ${size} bytes of ${INDEX_LIMIT}`,
    remedy: 'remove old referrers of this image',
  });
}
