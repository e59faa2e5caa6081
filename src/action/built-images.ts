// Images with digests that a build reported: the input `metadata`, or the runner's list of artifacts if no input names an image.
import { notice } from '@actions/core';
import type { PinnedReference } from '../model/reference.ts';
import { parseMetadata } from '../names/metadata.ts';
import { readArtifactsList } from './artifacts-list.ts';
import type { Environment } from './environment.ts';
import type { RawInputs } from './inputs.ts';
import type { Problems } from './problems.ts';

export async function readBuiltImages(
  { images, metadata, files }: RawInputs,
  { artifactsList }: Environment,
  problems: Problems,
): Promise<readonly PinnedReference[]> {
  if (metadata !== '') return imagesInMetadata(metadata, problems);
  return images === '' && files === '' ? readArtifactsList(artifactsList, problems) : [];
}

function imagesInMetadata(metadata: string, problems: Problems): readonly PinnedReference[] {
  const built = problems.take('metadata', parseMetadata(metadata));
  if (!built) return [];
  const { unpushed } = built;
  if (unpushed.length > 0)
    notice(`"metadata" has targets without a pushed image: ${unpushed.join(', ')}`, {
      title: 'Countersign',
    });
  return built.images;
}
