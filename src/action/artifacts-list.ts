// Reads the runner's $GITHUB_ARTIFACTS_LIST for a step that names no image itself.
import { ActionError } from '../errors.ts';
import type { PinnedReference } from '../model/reference.ts';
import { ARTIFACTS_LIST_LIMIT, parseArtifactsList } from '../names/artifacts-list.ts';
import { readBoundedFile } from '../text/bounded-file.ts';
import { isProblem } from '../text/parsed.ts';
import type { Problems } from './problems.ts';

/** The images that earlier steps declared; `path` is the value of the variable, empty if the runner does not set it. */
export async function readArtifactsList(
  path: string,
  problems: Problems,
): Promise<readonly PinnedReference[]> {
  if (path === '') return [];
  const bytes = await readBoundedFile(path, ARTIFACTS_LIST_LIMIT);
  const images = isProblem(bytes) ? bytes : parseArtifactsList(bytes.value);
  if (!isProblem(images)) return images.value;
  const message = `Cannot use the images in $GITHUB_ARTIFACTS_LIST: ${images.problem}`;
  problems.include(
    new ActionError('input', 'INPUT_FILE', { message, remedy: 'name the images in "images"' }),
  );
  return [];
}
