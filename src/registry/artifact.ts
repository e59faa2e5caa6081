// Tells an image from any other artifact by its manifest.
import { isRecord } from '../text/json.ts';
import type { Manifest } from './content.ts';

const IMAGE_CONFIGS = [
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
];

/** Its type; undefined for an image and for an index of images. image-spec manifest.md, "Guidelines for Artifact Usage". */
export function artifactTypeOf({ json }: Pick<Manifest, 'json'>): string | undefined {
  const { artifactType, config, manifests } = json;
  if (typeof artifactType === 'string' && artifactType !== '') return artifactType;
  if (manifests !== undefined || !isRecord(config)) return undefined;
  const { mediaType } = config;
  return typeof mediaType === 'string' && !IMAGE_CONFIGS.includes(mediaType)
    ? mediaType
    : undefined;
}
