// Referrers of an image, well-formed or not, in a registry on loopback.
import { INDEX, MANIFEST, putBlob, putManifest, type PushTarget } from './image.ts';

export const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

export interface Attachment {
  readonly subject: string;
  readonly content: string;
  readonly artifactType?: string;
  readonly layerType?: string;
  /** Declared for the layer, instead of the real value. */
  readonly layer?: object;
  /** Written to the manifest, instead of or in addition to the regular members. */
  readonly manifest?: object;
}

/** In the form of an entry in a list of referrers. */
export interface Entry {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType: string;
}

export async function attach(
  target: PushTarget,
  repository: string,
  attachment: Attachment,
): Promise<Entry> {
  const {
    subject,
    content,
    artifactType = BUNDLE,
    layerType = BUNDLE,
    layer = {},
    manifest = {},
  } = attachment;
  const [config, digest] = [
    await putBlob(target, repository, '{}'),
    await putBlob(target, repository, content),
  ];
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      artifactType,
      config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: config, size: 2 },
      layers: [{ mediaType: layerType, digest, size: Buffer.byteLength(content), ...layer }],
      subject: { mediaType: MANIFEST, digest: subject, size: 1 },
      ...manifest,
    }),
  );
  return {
    mediaType: MANIFEST,
    digest: await putManifest(target, repository, bytes),
    size: bytes.length,
    artifactType,
  };
}

/** Replaces the fallback tag of the subject. */
export async function tagAs(
  target: PushTarget,
  repository: string,
  subject: string,
  entries: readonly object[],
): Promise<void> {
  await putManifest(
    target,
    repository,
    { schemaVersion: 2, mediaType: INDEX, manifests: entries },
    INDEX,
    subject.replace(':', '-'),
  );
}
