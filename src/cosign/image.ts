// The image that holds the layers of a tag `.sig` or `.att`: cosign pkg/oci/empty and pkg/oci/mutate. Layers of other writers stay unchanged byte for byte.
import type { SignedLayer } from '../model/bundle.ts';
import { digestOf } from '../model/digest.ts';
import { isRecord, parseJson } from '../text/json.ts';
import { BYTES, entriesOf, type ListedEntry } from '../text/list-entries.ts';
import type { Parsed } from '../text/parsed.ts';
import { goJson, goMap } from './go-json.ts';

export const IMAGE_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const IMAGE_CONFIG = 'application/vnd.oci.image.config.v1+json';
/** cosign pkg/oci/remote/signatures.go: `maxLayers`. */
const MOST_LAYERS = 1000;

export interface CosignImage {
  readonly manifest: Buffer;
  readonly mediaType: string;
  readonly config: Buffer;
}

/** A layer as the descriptor in the manifest. */
export function layerEntry({ mediaType, blob, annotations }: SignedLayer): ListedEntry {
  const digest = digestOf(blob);
  const head = goJson({ mediaType, size: blob.byteLength, digest }).slice(0, -1);
  const text = `${head},"annotations":${goMap(annotations)}}`;
  return { key: keyOf(text), text: Buffer.from(text).toString(BYTES) };
}

/** The layers of a manifest, which is parsed JSON. */
export function layersIn(manifest: Buffer): readonly ListedEntry[] {
  return entriesOf(manifest, 'layers', (text) => keyOf(Buffer.from(text, BYTES).toString()));
}

/** The image with these layers after those of `current`, a manifest of an image, and a config for all of them. The text of a problem follows the name of the image. */
export function withLayers(
  current: Buffer | undefined,
  added: readonly ListedEntry[],
): Parsed<CosignImage> {
  const layers = [...(current ? layersIn(current) : []), ...added];
  if (layers.length > MOST_LAYERS)
    return {
      problem: `would have ${layers.length} layers, of which cosign reads ${MOST_LAYERS}`,
      remedy: 'remove signatures that are no longer needed',
    };
  const config = configFor(layers);
  const before = current ? parseJson(current.toString()) : undefined;
  const { mediaType, ...others } = isRecord(before) ? before : {};
  const type = typeof mediaType === 'string' ? mediaType : IMAGE_MANIFEST;
  const members = {
    schemaVersion: 2,
    mediaType: type,
    ...others,
    config: descriptorOf(config, others['config']),
    layers: [],
  };
  const manifest = Object.entries(members).map(([name, value]) =>
    name === 'layers' ? `"layers":[${textOf(layers)}]` : bytes(`${goJson(name)}:${goJson(value)}`),
  );
  return {
    value: { manifest: Buffer.from(`{${manifest.join(',')}}`, BYTES), mediaType: type, config },
  };
}

/** Derived only from the layers; no client reads it, but some registries count its entries. */
function configFor(layers: readonly ListedEntry[]): Buffer {
  const created = '0001-01-01T00:00:00Z';
  return Buffer.from(
    goJson({
      architecture: '',
      created,
      history: layers.map(() => ({ created })),
      os: '',
      rootfs: { type: 'layers', diff_ids: layers.map(digestIn) },
      config: {},
    }),
  );
}

/** Keeps the type of the image's config: cosign can be configured to write Docker's. */
function descriptorOf(config: Buffer, before: unknown): object {
  const type = isRecord(before) ? before['mediaType'] : undefined;
  return {
    mediaType: typeof type === 'string' ? type : IMAGE_CONFIG,
    size: config.byteLength,
    digest: digestOf(config),
  };
}

/** Signing again gives the same blob, so layers are distinguished by their annotations, in any order. */
function keyOf(text: string): string {
  const layer = parseJson(text);
  const annotations = isRecord(layer) ? layer['annotations'] : undefined;
  if (!isRecord(layer) || !isRecord(annotations)) return text;
  const sorted = Object.entries(annotations).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([layer['mediaType'], layer['digest'], sorted]);
}

function digestIn({ text }: ListedEntry): unknown {
  const layer = parseJson(Buffer.from(text, BYTES).toString());
  return isRecord(layer) ? layer['digest'] : undefined;
}

function textOf(layers: readonly ListedEntry[]): string {
  return layers.map(({ text }) => text).join(',');
}

function bytes(text: string): string {
  return Buffer.from(text).toString(BYTES);
}
