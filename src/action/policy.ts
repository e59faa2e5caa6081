// The requirements of the gate from its inputs: exact, and never empty.
import type { Matcher } from '../model/matcher.ts';
import { isNonEmpty, mapEach, type NonEmpty } from '../model/non-empty.ts';
import type { KeylessAuthority, Requirement, Roots, WrittenPolicy } from '../model/policy.ts';
import { NAMED_TYPES } from '../model/types.ts';
import { parseCircumstances } from './circumstances.ts';
import type { Environment } from './environment.ts';
import type { GitHubNames } from './github-names.ts';
import { parseIdentities } from './identities.ts';
import type { RawInputs } from './inputs.ts';
import { parseKeys } from './keys.ts';
import { listOf, type Problems } from './problems.ts';

/** One policy for every image: all required types, each vouched for by the same authority. */
export function parsePolicy(
  inputs: RawInputs,
  names: GitHubNames,
  environment: Environment,
  roots: Roots,
  problems: Problems,
): WrittenPolicy {
  const types = parseRequire(inputs.require, problems);
  const authority =
    inputs.key === ''
      ? parseKeyless(inputs, names, environment, roots, problems)
      : parseKeys(inputs, environment, roots, problems);
  return {
    name: 'inputs',
    origin: 'inputs',
    images: EVERY_IMAGE,
    requirements: mapEach(types, (type) => ({ ...type, anyOf: [authority] })),
  };
}

const EVERY_IMAGE: Matcher = { kind: 'prefix', prefix: '' };

function parseKeyless(
  inputs: RawInputs,
  names: GitHubNames,
  environment: Environment,
  roots: Roots,
  problems: Problems,
): KeylessAuthority {
  if (inputs['insecure-ignore-tlog'] !== 'false')
    problems.add(
      'INPUT_CONFLICT',
      'Cannot use "insecure-ignore-tlog" without "key": a certificate can only be verified for a known time of signing',
      'remove "insecure-ignore-tlog" from the step',
    );
  return {
    kind: 'keyless',
    identities: parseIdentities(inputs, names, environment, problems),
    circumstances: parseCircumstances(inputs, problems),
    roots,
  };
}

type RequiredType = Omit<Requirement, 'anyOf'>;

function parseRequire(text: string, problems: Problems): NonEmpty<RequiredType> {
  const types = listOf(text).map((name): RequiredType => {
    const named = Object.hasOwn(NAMED_TYPES, name) ? NAMED_TYPES[name] : undefined;
    if (!named && !URL.canParse(name))
      problems.add(
        'INPUT_INVALID',
        `Cannot use "require": "${name}" is neither a known name nor a URI`,
        `use ${Object.keys(NAMED_TYPES).join(', ')} or the URI of a predicate type`,
      );
    return { name, predicateTypes: named ?? [name] };
  });
  if (isNonEmpty(types)) return types;
  problems.add(
    'INPUT_UNSAFE',
    'Cannot verify: "require" is empty, and an empty list would accept anything',
    'remove "require" to require a signature, or list what to require',
  );
  return [{ name: '', predicateTypes: [''] }];
}
