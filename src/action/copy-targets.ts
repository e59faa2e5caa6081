// `copy-evidence-to`: the repositories that get the evidence of accepted images, too.
import { type EvidencePlace, evidenceRepository } from '../model/evidence-place.ts';
import {
  formatRepository,
  isSameRepository,
  type Reference,
  type Repository,
} from '../model/reference.ts';
import { parseBareRepository } from './evidence-place.ts';
import type { RawInputs } from './inputs.ts';
import { listOf, type Problems } from './problems.ts';

/** In the order of the input, each once; `place` is where the evidence of `images` is read. */
export function parseCopyTargets(
  inputs: RawInputs,
  images: readonly Reference[],
  place: EvidencePlace,
  problems: Problems,
): readonly Repository[] {
  const text = inputs['copy-evidence-to'];
  if (text === '') return [];
  const parsed = problems.takeEach('copy-evidence-to', listOf(text), parseBareRepository);
  const targets = parsed.filter(
    (target, index) => parsed.findIndex((each) => isSameRepository(each, target)) === index,
  );
  const own = images.flatMap(({ repository }) => [
    repository,
    evidenceRepository(place, repository),
  ]);
  for (const target of targets) {
    if (own.some((each) => isSameRepository(each, target))) refuseOwn(target, problems);
  }
  if (inputs['registry-username'] !== '') refuseOtherRegistry(targets, images, problems);
  return targets;
}

function refuseOwn(target: Repository, problems: Problems): void {
  problems.add(
    'INPUT_CONFLICT',
    `Cannot use "copy-evidence-to": "${formatRepository(target)}" is where an image of this step or its evidence is read`,
    'name the repository that the image is copied to',
  );
}

/** The credentials of one registry are not sent to another. */
function refuseOtherRegistry(
  targets: readonly Repository[],
  images: readonly Reference[],
  problems: Problems,
): void {
  const registries = images.map(({ repository }) => repository.registry);
  for (const { registry } of targets) {
    const other = registries.find((each) => each !== registry);
    if (other === undefined) continue;
    problems.add(
      'INPUT_CONFLICT',
      `Cannot use "registry-username": the evidence is copied to ${registry}, and the images are in ${other}`,
      'log in to each with docker/login-action, and remove "registry-username" and "registry-password"',
    );
    return;
  }
}
