// Signatures and attestations of cosign v2, in the tags `sha256-<hex>.sig` and `.att` beside the image.
import { ActionError, actionErrorsOf } from '../errors.ts';
import { ATTESTATION_LAYER, bundleOfLayer, SIGNATURE_LAYER } from '../cosign/layer.ts';
import type { FoundBundle } from '../model/bundle.ts';
import { isDigest } from '../model/digest.ts';
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
  return { name: 'legacy', find: (subject, signal) => SUFFIXES.map((suffix) => find(clientFor(subject), subject, suffix, signal)) };
}

async function find(client: RegistryClient, subject: Subject, suffix: string, signal: AbortSignal): Promise<Discovery> {
  const tag = `${fallbackTag(subject.digest)}${suffix}`;
  const place = `${formatRepository(subject.repository)} tag ${tag}`;
  try {
    const manifest = await readManifest(client, tag, signal);
    if (!manifest) return { found: [], looked: [{ place, answer: 'absent' }], failures: [] };
    const layers = (Array.isArray(manifest.json['layers']) ? (manifest.json['layers'] as unknown[]) : []).filter(isRecord).filter(isOurs);
    const size = layers.reduce((sum, layer) => sum + Number(layer['size']), 0);
    const read = !(size <= TOTAL_LIMIT) ? [] : layers.slice(0, LAYERS);
    const found = await sideBySide(read, WIDTH, (layer) => readLayer(client, layer, place, signal));
    return {
      found: found.flatMap((each) => ('json' in each ? [each] : [])),
      looked: [{ place, answer: `${layers.length} listed` }],
      failures: [...found.flatMap((each) => ('failures' in each ? each.failures : [])), ...(read.length < layers.length ? [tooMuch(place, layers.length, size)] : [])],
    };
  } catch (error) {
    return { found: [], looked: [{ place, answer: 'could not be read' }], failures: actionErrorsOf(error) };
  }
}

function isOurs({ mediaType, digest }: Readonly<Record<string, unknown>>): boolean {
  return (mediaType === SIGNATURE_LAYER || mediaType === ATTESTATION_LAYER) && isDigest(digest);
}

async function readLayer(
  client: RegistryClient,
  { mediaType, digest, annotations }: Readonly<Record<string, unknown>>,
  place: string,
  signal: AbortSignal,
): Promise<FoundBundle | { readonly failures: readonly ActionError[] }> {
  if (typeof mediaType !== 'string' || !isDigest(digest)) return { failures: [] };
  try {
    const blob = await readBlob(client, digest, BLOB_LIMIT, signal);
    const json = bundleOfLayer({ mediaType, annotations: isRecord(annotations) ? annotations : {}, blob });
    return { source: 'legacy', place, json, layer: blob };
  } catch (error) {
    return { failures: actionErrorsOf(error) };
  }
}

function tooMuch(place: string, count: number, size: number): ActionError {
  return new ActionError('service', 'LIMIT_EXCEEDED', {
    message: `Cannot judge everything in ${place}: ${count} layers of ${size} bytes are listed, ${LAYERS} of ${TOTAL_LIMIT} are read`,
    remedy: 'remove signatures that nobody needs',
  });
}
