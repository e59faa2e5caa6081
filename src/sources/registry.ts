// Bundles that refer to the image in its own registry (OCI 1.1 referrers), as cosign v3 and actions/attest store them.
import { ActionError, actionErrorsOf } from '../errors.ts';
import type { FoundBundle } from '../model/bundle.ts';
import { type Digest, isDigest } from '../model/digest.ts';
import { isRecord } from '../model/parsed.ts';
import { formatRepository } from '../model/reference.ts';
import { formatSubject, type Subject } from '../model/subject.ts';
import type { RegistryClient } from '../registry/client.ts';
import { readBlob, readManifest } from '../registry/content.ts';
import { BUNDLE_PREFIX, EMPTY_CONFIG } from '../registry/media-types.ts';
import { listEachPlace, type Referrer, type Referrers } from '../registry/referrers.ts';
import { sideBySide } from '../registry/side-by-side.ts';
import type { Discovery, Source } from './source.ts';

const CANDIDATES = 500;
const WIDTH = 50;
const BUNDLE_LIMIT = 16 << 20;
const TOTAL_LIMIT = 128 << 20;

export function registrySource(clientFor: (subject: Subject) => RegistryClient): Source {
  return { name: 'registry', find: (subject, signal) => find(clientFor(subject), subject, signal) };
}

function find(
  client: RegistryClient,
  subject: Subject,
  signal: AbortSignal,
): readonly Promise<Discovery>[] {
  const reading: Reading = {
    client,
    subject,
    signal,
    seen: new Set(),
    budget: { bytes: TOTAL_LIMIT },
  };
  return listEachPlace(client, subject.digest, signal).map(async (listing) =>
    readListed(await listing, reading),
  );
}

/** What the places share: a bundle that two of them list is read once. */
interface Reading {
  readonly client: RegistryClient;
  readonly subject: Subject;
  readonly signal: AbortSignal;
  readonly seen: Set<Digest>;
  readonly budget: { bytes: number };
}

async function readListed(
  { referrers, looked, failures }: Referrers,
  reading: Reading,
): Promise<Discovery> {
  const { subject, seen } = reading;
  const candidates = [...new Map(referrers.map((referrer) => [referrer.digest, referrer])).values()]
    .filter((referrer) => mayBeBundle(referrer) && !seen.has(referrer.digest))
    .sort((a, b) => rank(a) - rank(b));
  const chosen = candidates.slice(0, CANDIDATES);
  for (const { digest } of chosen) seen.add(digest);
  const results = await sideBySide(chosen, WIDTH, (referrer) =>
    readBundle(referrer, reading).catch((error: unknown) => ({ failures: actionErrorsOf(error) })),
  );
  return {
    found: results.flatMap((result) => ('found' in result ? result.found : [])),
    looked: looked.map(({ place, answer }) => ({
      place: `${formatRepository(subject.repository)} ${place}`,
      answer,
    })),
    failures: [
      ...failures,
      ...results.flatMap((result) => ('failures' in result ? result.failures : [])),
      ...(candidates.length > CANDIDATES ? [tooMany(subject, candidates.length)] : []),
    ],
  };
}

/** The type in a fallback index is not to be relied on: cosign up to 3.0.6 wrote the config's type there, some registries leave it out. */
function mayBeBundle({ artifactType }: Referrer): boolean {
  return (
    artifactType === undefined ||
    artifactType.startsWith(BUNDLE_PREFIX) ||
    artifactType === EMPTY_CONFIG ||
    artifactType.includes('.config.v1+json')
  );
}

function rank({ artifactType }: Referrer): number {
  return artifactType?.startsWith(BUNDLE_PREFIX) ? 0 : 1;
}

async function readBundle(
  referrer: Referrer,
  { client, subject, signal, budget }: Reading,
): Promise<{ readonly found: readonly FoundBundle[] }> {
  const nothing = { found: [] };
  const manifest = await readManifest(client, referrer.digest, signal);
  const about = manifest?.json['subject'];
  if (!manifest || !isRecord(about) || about['digest'] !== subject.digest) return nothing;
  const layers = Array.isArray(manifest.json['layers'])
    ? (manifest.json['layers'] as unknown[])
    : [];
  const bundles = layers
    .filter(isRecord)
    .filter(
      ({ mediaType }) => typeof mediaType === 'string' && mediaType.startsWith(BUNDLE_PREFIX),
    );
  const { digest, size } = bundles[0] ?? {};
  if (bundles.length !== 1 || !isDigest(digest) || typeof size !== 'number' || !(size >= 0))
    return nothing;
  budget.bytes -= size;
  if (size > BUNDLE_LIMIT || budget.bytes < 0) throw tooLarge(subject, referrer, size);
  // The size that was said is the most that is read: a lie buys nothing from the budget.
  const json = await readBlob(client, digest, size, signal);
  return {
    found: [
      {
        source: 'registry',
        place: `${formatRepository(subject.repository)}@${referrer.digest}`,
        json,
      },
    ],
  };
}

function tooMany(subject: Subject, count: number): ActionError {
  return new ActionError('service', 'LIMIT_EXCEEDED', {
    message: `Cannot judge everything that refers to "${formatSubject(subject)}": ${count} referrers are listed, ${CANDIDATES} were read`,
    remedy: 'remove referrers that nobody needs (each signing run adds one)',
  });
}

function tooLarge(subject: Subject, referrer: Referrer, size: number): ActionError {
  return new ActionError('service', 'LIMIT_EXCEEDED', {
    message: `Cannot read the bundle ${referrer.digest} of "${formatSubject(subject)}": ${size} bytes, where ${BUNDLE_LIMIT} each and ${TOTAL_LIMIT} together are read`,
    remedy: 'store smaller attestations, or remove the one that is too large',
  });
}
