// The input `policy`: ClusterImagePolicy files in place of inputs that name the signer; only this file loads their parser.
import { ActionError } from '../errors.ts';
import { isNonEmpty, type NonEmpty } from '../model/non-empty.ts';
import type { WrittenPolicy } from '../model/policy.ts';
import { formatRepository, type Repository } from '../model/reference.ts';
import { CERTIFICATE_INPUTS } from './circumstances.ts';
import type { Environment } from './environment.ts';
import { DEFAULTS, type RawInputs } from './inputs.ts';
import { linesOf, type Problems } from './problems.ts';

/** Inputs whose role a policy file has. */
const REPLACED = [
  ...CERTIFICATE_INPUTS,
  'key',
  'insecure-ignore-tlog',
  'require',
  'annotations',
  'max-age',
] as const;

export interface FromFiles {
  readonly policies: NonEmpty<WrittenPolicy> | undefined;
  /** The place of the evidence, if all policies agree on it. */
  readonly source: Repository | undefined;
}

export async function readClusterPolicies(
  inputs: RawInputs,
  { workspace }: Environment,
  trustedRoot: string | undefined,
  problems: Problems,
): Promise<FromFiles> {
  refuseOthers(inputs, problems);
  const globs = linesOf(inputs.policy);
  const { readPolicies } = await import('../cluster-policy/read-policies.ts');
  const read = await readPolicies(globs, { workspace, trustedRoot });
  for (const { problem, remedy, place } of read.problems)
    problems.include(
      new ActionError('input', 'INPUT_FILE', {
        message: `Cannot use "policy": ${problem}`,
        remedy,
        ...(place ? { place } : {}),
      }),
    );
  if (!read.policies && read.problems.length === 0)
    problems.add(
      'INPUT_UNSAFE',
      'Cannot use "policy": it names no policy, which would accept any image',
      'name at least one file with a ClusterImagePolicy',
    );
  if (read.source && inputs['signature-repository'] !== '')
    problems.add(
      'INPUT_CONFLICT',
      `Cannot use "signature-repository": the policies read signatures from ${formatRepository(read.source)}`,
      'remove "signature-repository", or "source" from the policies',
    );
  return read;
}

function refuseOthers(inputs: RawInputs, problems: Problems): void {
  const names = REPLACED.filter(
    (name) => inputs[name] !== '' && inputs[name] !== (DEFAULTS[name] ?? ''),
  );
  if (!isNonEmpty(names)) return;
  const listed = `"${names.join('" and "')}"`;
  problems.add(
    'INPUT_CONFLICT',
    `Cannot combine "policy" with ${listed}: the policy says who must have signed what`,
    `remove ${listed}, or verify in another step without "policy"`,
  );
}
