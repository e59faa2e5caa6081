// Bundles that refer to the image in its own registry (OCI 1.1 referrers), as cosign v3 and actions/attest store them.
import { ActionError } from '../errors.ts';
import { BUNDLE_LIMIT } from '../model/bundle.ts';
import type { FoundBundle } from '../model/found.ts';
import { type Digest, isDigest } from '../model/digest.ts';
import { isRecord } from '../text/json.ts';
import { formatRepository } from '../model/reference.ts';
import { formatSubject, type Subject } from '../model/subject.ts';
import type { RegistryClient } from '../registry/client.ts';
import { ARTIFACT_LIMIT, readArtifact, readBlob } from '../registry/content.ts';
import { BUNDLE_PREFIX, EMPTY_CONFIG } from '../registry/media-types.ts';
import type { Referrer } from '../registry/referrer.ts';
import { listEachPlace } from '../registry/referrers.ts';
import { type Memory, Reading } from './reading.ts';
import { type Discovery, type Source, tooLarge } from './source.ts';

/** Referrers in each list that may be bundles. */
const CANDIDATES = 500;

export function registrySource(
  evidenceFor: (subject: Subject) => RegistryClient,
  memory: Memory,
): Source {
  return {
    name: 'registry',
    find: (subject, signal) => find({ client: evidenceFor(subject), subject }, memory, signal),
  };
}

interface Place {
  readonly client: RegistryClient;
  readonly subject: Subject;
}

function find(place: Place, memory: Memory, signal: AbortSignal): AsyncIterable<Discovery> {
  const reading = new Reading(memory, signal);
  void readLists(place, reading, signal).then(() => reading.end());
  return reading;
}

/** Referrers that are certainly bundles are read while the list arrives, the others at its end. */
async function readLists(place: Place, reading: Reading, signal: AbortSignal): Promise<void> {
  const { client, subject } = place;
  // A truncated list is read again from its start, and one list may contain the same entries as the other.
  const seen = new Set<Digest>();
  const lists = listEachPlace(client, subject.digest, signal, () => {
    const others: Referrer[] = [];
    let certain = 0;
    let count = 0;
    return {
      take(referrer) {
        if (!mayBeBundle(referrer) || seen.has(referrer.digest)) return;
        count++;
        if (!isBundle(referrer)) {
          if (others.length < CANDIDATES) others.push(referrer);
          return;
        }
        if (certain++ >= CANDIDATES) return;
        seen.add(referrer.digest);
        addManifest(reading, referrer, place);
      },
      end() {
        const room = Math.max(CANDIDATES - certain, 0);
        for (const referrer of others.filter(({ digest }) => !seen.has(digest)).slice(0, room)) {
          seen.add(referrer.digest);
          addManifest(reading, referrer, place);
        }
        if (count > CANDIDATES) reading.put({ failure: tooMany(subject, count) });
      },
    };
  });
  await Promise.all(
    lists.map(async (list) => {
      const { looked, failures } = await list;
      for (const { place: where, answer } of looked) {
        const at = `${formatRepository(client.repository)} ${where}`;
        reading.put({ looked: { place: at, answer } });
      }
      for (const failure of failures) reading.put({ failure });
    }),
  );
}

function isBundle({ artifactType }: Referrer): boolean {
  return artifactType?.startsWith(BUNDLE_PREFIX) ?? false;
}

/** The type in a fallback index is not reliable: cosign up to 3.0.6 wrote the config's type, and some registries omit it. */
function mayBeBundle(referrer: Referrer): boolean {
  const { artifactType } = referrer;
  if (artifactType === undefined || artifactType === EMPTY_CONFIG || isBundle(referrer)) {
    return true;
  }
  return artifactType.includes('.config.v1+json');
}

function addManifest(
  reading: Reading,
  { digest, size }: Referrer,
  { client, subject }: Place,
): void {
  const place = `${formatRepository(client.repository)}@${digest}`;
  if (size > ARTIFACT_LIMIT) {
    reading.put({ failure: tooLarge('manifest', place, size, ARTIFACT_LIMIT) });
    return;
  }
  reading.add(size, async (signal, onBytes) => {
    const manifest = await readArtifact(client, digest, signal);
    if (!manifest) throw missing(place);
    onBytes(manifest.size);
    const layer = bundleLayerOf(manifest.json, subject.digest);
    if (layer) addBundle(reading, layer, place, client);
    return undefined;
  });
}

interface Layer {
  readonly digest: Digest;
  readonly size: number;
}

/** The single layer that is a bundle, in a manifest about this image. */
function bundleLayerOf(json: Readonly<Record<string, unknown>>, about: Digest): Layer | undefined {
  const { subject, layers } = json;
  if (!isRecord(subject) || subject['digest'] !== about) return undefined;
  const bundles = (Array.isArray(layers) ? (layers as unknown[]) : [])
    .filter(isRecord)
    .filter(
      ({ mediaType }) => typeof mediaType === 'string' && mediaType.startsWith(BUNDLE_PREFIX),
    );
  const { digest, size } = bundles[0] ?? {};
  if (bundles.length !== 1 || !isDigest(digest) || typeof size !== 'number' || !(size >= 0)) {
    return undefined;
  }
  return { digest, size };
}

function addBundle(
  reading: Reading,
  { digest, size }: Layer,
  place: string,
  client: RegistryClient,
): void {
  if (size > BUNDLE_LIMIT) {
    reading.put({ failure: tooLarge('bundle', place, size, BUNDLE_LIMIT) });
    return;
  }
  reading.add(size, async (signal, onBytes) => {
    // Reads at most the declared size.
    const json = await readBlob(client, digest, size, { signal, onBytes });
    const found: FoundBundle = { source: 'registry', place, json };
    return { found };
  });
}

function tooMany(subject: Subject, count: number): ActionError {
  return new ActionError('service', 'LIMIT_EXCEEDED', {
    message: `Cannot check every referrer of "${formatSubject(subject)}": ${count} are listed, and at most ${CANDIDATES} are read`,
    remedy: 'remove referrers that are no longer needed (each signing run adds one)',
  });
}

function missing(place: string): ActionError {
  return new ActionError('service', 'SERVICE_ANSWER', {
    message: `Cannot read the manifest at ${place}: it is listed, but the registry does not have it`,
    remedy: 'run the job again; if it keeps failing, remove the entry from the list of referrers',
  });
}
