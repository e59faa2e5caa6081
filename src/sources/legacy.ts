// Signatures and attestations of cosign v2, in the tags `sha256-<hex>.sig` and `.att` beside the image.
import { ActionError, actionErrorsOf } from '../errors.ts';
import { ATTESTATION_LAYER, bundleOfLayer, SIGNATURE_LAYER } from '../cosign/layer.ts';
import type { FoundBundle } from '../model/bundle.ts';
import { type Digest, isDigest } from '../model/digest.ts';
import { isRecord } from '../model/parsed.ts';
import { formatRepository } from '../model/reference.ts';
import type { Subject } from '../model/subject.ts';
import type { RegistryClient } from '../registry/client.ts';
import { readBlob, readManifest } from '../registry/content.ts';
import { fallbackTag } from '../registry/referrers.ts';
import { sideBySide } from '../registry/side-by-side.ts';
import type { Discovery, Source } from './source.ts';

const SUFFIXES = ['.sig', '.att'] as const;
const LAYERS = 500;
const WIDTH = 50;
const BLOB_LIMIT = 16 << 20;
const TOTAL_LIMIT = 128 << 20;

export function legacySource(clientFor: (subject: Subject) => RegistryClient): Source {
  return {
    name: 'legacy',
    find: (subject, signal) =>
      SUFFIXES.map((suffix) => find(clientFor(subject), subject, suffix, signal)),
  };
}

/** What is read of a layer's descriptor. */
interface Layer {
  /** In the manifest, from 1. */
  readonly number: number;
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly annotations: Readonly<Record<string, unknown>>;
}

async function find(
  client: RegistryClient,
  subject: Subject,
  suffix: string,
  signal: AbortSignal,
): Promise<Discovery> {
  const tag = `${fallbackTag(subject.digest)}${suffix}`;
  const place = `${formatRepository(subject.repository)} tag ${tag}`;
  try {
    const manifest = await readManifest(client, tag, signal);
    if (!manifest) return { found: [], looked: [{ place, answer: 'absent' }], failures: [] };
    const layers = layersOf(manifest.json);
    const chosen = withinLimits(layers);
    const readOnce = blobReader(client, signal);
    const read = await sideBySide(chosen, WIDTH, (layer) =>
      readLayer(layer, place, readOnce).catch((error: unknown) => ({
        failures: actionErrorsOf(error),
      })),
    );
    return {
      found: read.flatMap((each) => ('json' in each ? [each] : [])),
      looked: [{ place, answer: `${layers.length} listed` }],
      failures: [
        ...read.flatMap((each) => ('failures' in each ? each.failures : [])),
        ...(chosen.length < layers.length ? [tooMuch(place, layers)] : []),
      ],
    };
  } catch (error) {
    return {
      found: [],
      looked: [{ place, answer: 'could not be read' }],
      failures: actionErrorsOf(error),
    };
  }
}

function layersOf({ layers }: Readonly<Record<string, unknown>>): readonly Layer[] {
  return (Array.isArray(layers) ? (layers as unknown[]) : []).flatMap((layer, index): Layer[] => {
    const { mediaType, digest, size, annotations } = isRecord(layer) ? layer : {};
    if (
      (mediaType !== SIGNATURE_LAYER && mediaType !== ATTESTATION_LAYER) ||
      !isDigest(digest) ||
      typeof size !== 'number' ||
      !(size >= 0)
    )
      return [];
    return [
      {
        number: index + 1,
        mediaType,
        digest,
        size,
        annotations: isRecord(annotations) ? annotations : {},
      },
    ];
  });
}

function withinLimits(layers: readonly Layer[]): readonly Layer[] {
  let left = TOTAL_LIMIT;
  return layers.slice(0, LAYERS).filter(({ size }) => {
    if (size > Math.min(left, BLOB_LIMIT)) return false;
    left -= size;
    return true;
  });
}

type ReadBlob = (layer: Layer) => Promise<Buffer>;

/** Who signs an image again signs the same payload: its layers differ in their annotations alone, and the blob is read once. */
function blobReader(client: RegistryClient, signal: AbortSignal): ReadBlob {
  const blobs = new Map<string, Promise<Buffer>>();
  return ({ digest, size }) => {
    // The size that was said is the most that is read: a lie buys nothing from the limit.
    const blob = blobs.get(`${digest} ${size}`) ?? readBlob(client, digest, size, signal);
    blobs.set(`${digest} ${size}`, blob);
    return blob;
  };
}

async function readLayer(layer: Layer, place: string, read: ReadBlob): Promise<FoundBundle> {
  const blob = await read(layer);
  return {
    source: 'legacy',
    place: `${place}, layer ${layer.number}`,
    json: bundleOfLayer({ ...layer, blob }),
    layer: blob,
  };
}

function tooMuch(place: string, layers: readonly Layer[]): ActionError {
  return new ActionError('service', 'LIMIT_EXCEEDED', {
    message: `Cannot judge everything in ${place}: ${layers.length} layers of ${layers.reduce((sum, { size }) => sum + size, 0)} bytes are listed, where ${LAYERS} of ${BLOB_LIMIT} each and ${TOTAL_LIMIT} together are read`,
    remedy: 'remove signatures that nobody needs',
  });
}
