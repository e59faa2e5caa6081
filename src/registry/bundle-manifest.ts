// The OCI 1.1 artifact that carries one bundle: the manifest that cosign v3 and actions/attest write (image-spec manifest.md, "Guidelines for Artifact Usage").
import { BUNDLE_MEDIA_TYPE } from '../model/bundle.ts';
import { digestOf } from '../model/digest.ts';
import type { Descriptor } from '../model/subject.ts';
import { EMPTY_CONFIG, OCI_MANIFEST } from './media-types.ts';
import type { Referrer } from './referrer.ts';

/** The blob of an empty config. */
export const EMPTY_JSON = Buffer.from('{}');

export interface BundleManifest {
  readonly bytes: Buffer;
  readonly mediaType: string;
  /** The entry for a list of referrers: type and annotations as in the manifest, because readers filter on them. */
  readonly referrer: Referrer;
}

export function bundleManifest({
  subject,
  bundle,
  mediaType = BUNDLE_MEDIA_TYPE,
  predicateType,
  created,
}: {
  readonly subject: Descriptor;
  readonly bundle: Buffer;
  /** Of the bundle. */
  readonly mediaType?: string | undefined;
  readonly predicateType: string;
  readonly created: Date;
}): BundleManifest {
  const annotations = {
    'dev.sigstore.bundle.content': 'dsse-envelope',
    'dev.sigstore.bundle.predicateType': predicateType,
    'org.opencontainers.image.created': created.toISOString().replace(/\.\d+Z$/, 'Z'),
  };
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      // `cosign clean` deletes only manifests whose config has this type, too.
      config: {
        mediaType: EMPTY_CONFIG,
        size: EMPTY_JSON.byteLength,
        digest: digestOf(EMPTY_JSON),
        artifactType: mediaType,
      },
      layers: [{ mediaType, size: bundle.byteLength, digest: digestOf(bundle) }],
      annotations,
      subject: { mediaType: subject.mediaType, size: subject.size, digest: subject.digest },
      artifactType: mediaType,
    }),
  );
  const referrer = {
    mediaType: OCI_MANIFEST,
    digest: digestOf(bytes),
    size: bytes.byteLength,
    artifactType: mediaType,
    annotations,
  };
  return { bytes, mediaType: OCI_MANIFEST, referrer };
}
