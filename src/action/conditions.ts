// The inputs `annotations` and `max-age` of a gate: what a bundle must contain, regardless of its signer.
import type { Condition } from '../model/policy.ts';
import { parseAnnotations } from './annotations.ts';
import { parseDuration } from './duration.ts';
import type { RawInputs } from './inputs.ts';
import type { Problems } from './problems.ts';

export interface Conditions {
  /** For every bundle. */
  readonly all: readonly Condition[];
  /** For signatures, in addition: nothing else has annotations. */
  readonly signatures: readonly Condition[];
}

export function parseConditions(inputs: RawInputs, problems: Problems): Conditions {
  const pairs = Object.entries(parseAnnotations(inputs.annotations, problems));
  return {
    all: parseMaxAge(inputs['max-age'], problems),
    signatures: pairs.map(([key, value]) => ({ kind: 'annotation', key, value })),
  };
}

/** Compared with the clock of the runner, when the inputs are read. */
function parseMaxAge(limit: string, problems: Problems): readonly Condition[] {
  if (limit === '') return [];
  const age = problems.take('max-age', parseDuration(limit, 'smhd', '90d, 12h'));
  if (age === undefined) return [];
  return [{ kind: 'max-age', notBefore: new Date(Date.now() - age), limit }];
}
