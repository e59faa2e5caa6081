// Signatures and attestations of cosign v2, in the tags `sha256-<hex>.sig` and `.att` next to the image.
import {
  type Annotations,
  annotationsIn,
  ATTESTATION_LAYER,
  bundleOfLayer,
  type Layer as SignedLayer,
  SIGNATURE_LAYER,
} from '../cosign/layer.ts';
import { ActionError, actionErrorsOf } from '../errors.ts';
import { BUNDLE_LIMIT } from '../model/bundle.ts';
import type { FoundBundle } from '../model/found.ts';
import { type Digest, digestOf, isDigest } from '../model/digest.ts';
import { formatRepository } from '../model/reference.ts';
import type { Subject } from '../model/subject.ts';
import type { RegistryClient } from '../registry/client.ts';
import { readBlob } from '../registry/content.ts';
import { ENTRY_LIMIT, type Listing, readTaggedListing, recordIn } from '../registry/listing.ts';
import { isManifestType } from '../registry/media-types.ts';
import { fallbackTag } from '../registry/referrer.ts';
import { type Memory, type Read, Reading } from './reading.ts';
import { type Discovery, type Source, tooLarge } from './source.ts';

const SUFFIXES = ['.sig', '.att'] as const;
/** Layers of each tag. */
const LAYERS = 500;

export function legacySource(
  evidenceFor: (subject: Subject) => RegistryClient,
  memory: Memory,
): Source {
  return {
    name: 'legacy',
    find(subject, signal) {
      const reading = new Reading(memory, signal);
      const client = evidenceFor(subject);
      const tags = SUFFIXES.map((suffix) => {
        const tag = `${fallbackTag(subject.digest)}${suffix}`;
        const place = `${formatRepository(client.repository)} tag ${tag}`;
        return readTag({ client, tag, place, reading }, signal).then((discoveries) => {
          for (const discovery of discoveries) reading.put(discovery);
        });
      });
      void Promise.all(tags).then(() => reading.end());
      return reading;
    },
  };
}

interface Tag {
  readonly client: RegistryClient;
  readonly tag: string;
  readonly place: string;
  readonly reading: Reading;
}

/** The fields of a layer's descriptor that are read. */
interface Layer {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly annotations: Annotations;
}

async function readTag(
  { client, tag, place, reading }: Tag,
  signal: AbortSignal,
): Promise<readonly Discovery[]> {
  let count = 0;
  const seen = new Set<Digest>();
  const read = readerOfBlobs(client);
  const onEntry = (json: Buffer): void => {
    const layer = layerIn(json);
    const name = digestOf(json);
    // A truncated manifest is read again from its start.
    if (!layer || seen.has(name)) return;
    if (++count > LAYERS) return;
    seen.add(name);
    addLayer(reading, layer, `${place}, layer ${count}`, read);
  };
  try {
    const request = { list: 'layers', onEntry, signal } as const;
    const listing = await readTaggedListing(client, tag, request);
    if (!listing) return [{ looked: { place, answer: 'absent' } }];
    const failures = faultsOf(listing, place, count);
    const answer = `${count} listed${failures.length > 0 ? ' (incomplete)' : ''}`;
    return [{ looked: { place, answer } }, ...failures.map((failure) => ({ failure }))];
  } catch (error) {
    const failures = actionErrorsOf(error).map((failure) => ({ failure }));
    return [{ looked: { place, answer: 'could not be read' } }, ...failures];
  }
}

function layerIn(json: Buffer): Layer | undefined {
  const layer = recordIn(json);
  if (!layer) return undefined;
  const { mediaType, digest, size, annotations } = layer;
  if (mediaType !== SIGNATURE_LAYER && mediaType !== ATTESTATION_LAYER) return undefined;
  if (!isDigest(digest) || typeof size !== 'number' || !(size >= 0)) return undefined;
  return { mediaType, digest, size, annotations: annotationsIn(annotations) };
}

type ReadLayer = (layer: Layer, ...options: Parameters<Read>) => Promise<Buffer>;

/** Signing an image again signs the same payload: its layers differ only in their annotations, and the blob is read once. */
function readerOfBlobs(client: RegistryClient): ReadLayer {
  const blobs = new Map<string, Promise<Buffer>>();
  return ({ digest, size }, signal, onBytes) => {
    // Reads at most the declared size.
    const name = `${digest} ${size}`;
    const blob = blobs.get(name) ?? readBlob(client, digest, size, { signal, onBytes });
    blobs.set(name, blob);
    return blob;
  };
}

function addLayer(reading: Reading, layer: Layer, place: string, read: ReadLayer): void {
  if (layer.size > BUNDLE_LIMIT) {
    reading.put({ failure: tooLarge('layer', place, layer.size, BUNDLE_LIMIT) });
    return;
  }
  reading.add(layer.size, async (signal, onBytes) => {
    const blob = await read(layer, signal, onBytes);
    return { found: foundLayer(place, { ...layer, blob }) };
  });
}

/** Hundreds of layers may share a blob of megabytes, so each becomes a bundle only when it is verified. */
function foundLayer(place: string, layer: SignedLayer): FoundBundle {
  return {
    source: 'legacy',
    place,
    layer: layer.blob,
    annotations: layer.annotations,
    get json() {
      return bundleOfLayer(layer);
    },
  };
}

function faultsOf(
  { isWhole, mediaType, tooLarge: passedBy }: Listing,
  place: string,
  count: number,
): readonly ActionError[] {
  const remedy = 'remove signatures that are no longer needed';
  const limit = (state: string): ActionError =>
    new ActionError('service', 'LIMIT_EXCEEDED', {
      message: `Cannot check every layer in ${place}: ${state}`,
      remedy,
    });
  return [
    ...(isWhole ? [] : [limit('it is not a JSON object')]),
    ...(isWhole && !isManifestType(mediaType) ? [limit('it is not a manifest')] : []),
    ...(count > LAYERS
      ? [limit(`${count} layers are listed, and at most ${LAYERS} are read`)]
      : []),
    ...(passedBy > 0
      ? [limit(`${passedBy} layers have descriptors larger than ${ENTRY_LIMIT} bytes`)]
      : []),
  ];
}
