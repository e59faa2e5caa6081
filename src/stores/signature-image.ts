// Adds layers to the image that cosign v2 reads next to an image, in the tags `sha256-<hex>.sig` and `.att`, without losing another writer's.
import {
  type CosignImage,
  IMAGE_MANIFEST,
  layerEntry,
  layersIn,
  withLayers,
} from '../cosign/image.ts';
import type { SignedLayer } from '../model/bundle.ts';
import type { Digest } from '../model/digest.ts';
import type { RegistryClient } from '../registry/client.ts';
import { type Manifest, readManifest } from '../registry/content.ts';
import { DOCKER_MANIFEST } from '../registry/media-types.ts';
import { fallbackTag } from '../registry/referrer.ts';
import { addToTag, type SharedTagOptions } from '../registry/shared-tag.ts';
import { assertForm, contentWith } from '../registry/tag-content.ts';
import type { TagContent, TagForm } from '../registry/tag-form.ts';
import { isRecord } from '../text/json.ts';
import { isProblem, type Parsed } from '../text/parsed.ts';

/** `sig` for payloads, `att` for envelopes. */
export type SignatureTag = 'sig' | 'att';

/** Throws if the tag of `subject` contains something else, or has no room for this many layers; writes nothing. */
export async function assertRoomFor(
  client: RegistryClient,
  subject: Digest,
  tag: SignatureTag,
  count: number,
): Promise<void> {
  if (count === 0) return;
  const form = signatureImage(signatureTag(subject, tag));
  const current = await readManifest(client, form.tag);
  if (!current) return;
  assertForm(client, form, subject, current);
  const empty = { key: '', text: '{}' };
  contentWith(
    client,
    form,
    current,
    Array.from({ length: count }, () => empty),
  );
}

/** Returns when the layers, whose blobs exist, have stayed in the tag of `subject`. Throws if they are rejected, or if it is unknown whether they are there. */
export async function addToSignatureImage(
  client: RegistryClient,
  subject: Digest,
  tag: SignatureTag,
  layers: readonly SignedLayer[],
  options: SharedTagOptions = {},
): Promise<void> {
  const form = signatureImage(signatureTag(subject, tag));
  await addToTag(client, { form, subject, entries: layers.map(layerEntry) }, options);
}

export function signatureTag(subject: Digest, tag: SignatureTag): string {
  return `${fallbackTag(subject)}.${tag}`;
}

function signatureImage(tag: string): TagForm {
  return {
    tag,
    isNot: 'is not an image of signatures',
    instead: 'set "signature-format: bundle"',
    makeRoom: 'remove signatures that are no longer needed',
    whyNot,
    entriesIn: layersIn,
    extend: (current, layers) => contentOf(withLayers(current?.bytes, layers)),
  };
}

function whyNot({ mediaType, json }: Manifest): string | undefined {
  const { layers } = json;
  const isImage = mediaType === IMAGE_MANIFEST || mediaType === DOCKER_MANIFEST;
  if (!isImage || !Array.isArray(layers)) return `it holds ${mediaType || 'something else'}`;
  return layers.every(isRecord) ? undefined : 'its layers are not where others read them';
}

function contentOf(image: Parsed<CosignImage>): Parsed<TagContent> {
  if (isProblem(image)) return image;
  const { manifest, mediaType, config } = image.value;
  return { value: { bytes: manifest, mediaType, blob: config } };
}
