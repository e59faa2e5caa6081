// `signature-repository`, and COSIGN_REPOSITORY as cosign reads it: the input takes precedence.
import { type EvidencePlace, WITH_IMAGE } from '../model/evidence-place.ts';
import {
  formatRepository,
  parseReference,
  type Reference,
  type Repository,
} from '../model/reference.ts';
import type { StoreName } from '../model/bundle.ts';
import { isProblem, type Parsed } from '../text/parsed.ts';
import type { Environment } from './environment.ts';
import type { RawInputs } from './inputs.ts';
import type { Problems } from './problems.ts';

const VARIABLE = 'COSIGN_REPOSITORY';

/** `images` are needed to check that one pair of credentials is for one registry. */
export function parseEvidencePlace(
  inputs: RawInputs,
  { cosignRepository }: Environment,
  images: readonly Reference[],
  problems: Problems,
): EvidencePlace {
  const input = inputs['signature-repository'];
  const repository =
    input === ''
      ? fromVariable(cosignRepository, problems)
      : problems.take('signature-repository', parseBareRepository(input));
  if (!repository) return WITH_IMAGE;
  if (inputs['registry-username'] !== '') refuseOtherRegistry(repository, images, problems);
  return { kind: 'repository', repository };
}

/** The same for a signing step, which writes to a registry only if that is one of its stores. */
export function parsePlaceToSign(
  stores: readonly StoreName[],
  ...given: Parameters<typeof parseEvidencePlace>
): EvidencePlace {
  if (stores.length === 0 || stores.includes('registry')) return parseEvidencePlace(...given);
  const [inputs, , , problems] = given;
  // The variable may be intended for other steps of the job.
  if (inputs['signature-repository'] !== '')
    problems.add(
      'INPUT_CONFLICT',
      'Cannot use "signature-repository": "stores" does not include "registry"',
      'add "registry" to "stores", or remove "signature-repository"',
    );
  return WITH_IMAGE;
}

function fromVariable(text: string | undefined, problems: Problems): Repository | undefined {
  if (text === undefined) return undefined;
  const parsed = parseBareRepository(text);
  if (!isProblem(parsed)) return parsed.value;
  const message = `Cannot use the environment variable ${VARIABLE}: ${parsed.problem}`;
  problems.add('INPUT_INVALID', message, `${parsed.remedy}, or remove ${VARIABLE} from "env"`);
  return undefined;
}

export function parseBareRepository(text: string): Parsed<Repository> {
  const reference = parseReference(text);
  if (isProblem(reference)) return reference;
  const { repository, tag, digest } = reference.value;
  if (tag === undefined && digest === undefined) return { value: repository };
  return {
    problem: `"${text}" has a ${tag === undefined ? 'digest' : 'tag'}`,
    remedy: `write the repository alone: ${formatRepository(repository)}`,
  };
}

/** Credentials of one registry are not sent to another. */
function refuseOtherRegistry(
  { registry }: Repository,
  images: readonly Reference[],
  problems: Problems,
): void {
  const others = images.map(({ repository }) => repository.registry);
  const other = others.find((each) => each !== registry);
  if (other === undefined) return;
  problems.add(
    'INPUT_CONFLICT',
    `Cannot use "registry-username": the signatures are in ${registry}, and the images in ${other}`,
    'log in to each with docker/login-action, and remove "registry-username" and "registry-password"',
  );
}
