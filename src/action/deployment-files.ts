// The input `files`: globs of Dockerfiles, Compose files and Kubernetes manifests whose images the gate verifies.
import { info } from '@actions/core';
import { ActionError } from '../errors.ts';
import type { Reference } from '../model/reference.ts';
import type { Environment } from './environment.ts';
import type { RawInputs } from './inputs.ts';
import { linesOf, type Problems } from './problems.ts';

/** The only place that loads their parsers. */
export async function readImagesInFiles(
  { files }: RawInputs,
  { workspace, variable }: Environment,
  problems: Problems,
): Promise<readonly Reference[]> {
  const { imagesInFiles } = await import('../deployments/images-in-files.ts');
  const found = await imagesInFiles(linesOf(files), { path: workspace, variable });
  for (const { problem, remedy, place } of found.problems) {
    const message = `Cannot use "files": ${problem}`;
    const said = { message, remedy, ...(place ? { place } : {}) };
    problems.include(new ActionError('input', 'INPUT_FILE', said));
  }
  for (const file of found.without) info(`No image in ${file}`);
  return found.references;
}
