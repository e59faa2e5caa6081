// The requirements of the gate from its inputs: exact, and never empty.
import type { Matcher } from '../model/matcher.ts';
import { groupBy, isNonEmpty, mapEach, type NonEmpty } from '../model/non-empty.ts';
import type {
  Authority,
  KeylessAuthority,
  KeyLocation,
  Requirement,
  Roots,
  WrittenPolicy,
} from '../model/policy.ts';
import { NAMED_TYPES } from '../model/types.ts';
import { parseCircumstances, withoutProposals } from './circumstances.ts';
import { parseConditions } from './conditions.ts';
import type { Environment } from './environment.ts';
import { parseIdentities, runsOnGitHub, type Signers } from './identities.ts';
import type { RawInputs } from './inputs.ts';
import { parseKeys } from './keys.ts';
import { listOf, type Problems } from './problems.ts';

/** One policy for every image: all required types, each accepted from the same authority. */
export function parsePolicy(
  inputs: RawInputs,
  signers: Signers,
  environment: Environment,
  roots: Roots,
  problems: Problems,
): WrittenPolicy {
  const types = parseRequire(inputs.require, problems);
  const anyOf: NonEmpty<Authority<KeyLocation>> =
    inputs.key === ''
      ? parseKeyless(inputs, signers, environment, roots, problems)
      : [parseKeys(inputs, environment, roots, problems)];
  const { all, signatures } = parseConditions(inputs, problems);
  if (signatures.length > 0 && !types.some(({ name }) => name === 'signature'))
    problems.add(
      'INPUT_CONFLICT',
      'Cannot use "annotations": "require" has no signature, and only signatures have annotations',
      'add "signature" to "require", or remove "annotations"',
    );
  return {
    name: 'inputs',
    origin: 'inputs',
    images: EVERY_IMAGE,
    mode: 'enforce',
    alternatives: [
      {
        kind: 'evidence',
        name: 'inputs',
        requirements: mapEach(types, (type) => ({
          ...type,
          conditions: type.name === 'signature' ? [...all, ...signatures] : all,
          anyOf,
        })),
      },
    ],
  };
}

const EVERY_IMAGE: Matcher = { kind: 'prefix', prefix: '' };

function parseKeyless(
  inputs: RawInputs,
  signers: Signers,
  environment: Environment,
  roots: Roots,
  problems: Problems,
): NonEmpty<KeylessAuthority> {
  if (inputs['insecure-ignore-tlog'] !== 'false')
    problems.add(
      'INPUT_CONFLICT',
      'Cannot use "insecure-ignore-tlog" without "key": a certificate can only be verified for a known time of signing',
      'remove "insecure-ignore-tlog" from the step',
    );
  const identities = parseIdentities(inputs, signers, environment, problems);
  const circumstances = parseCircumstances(inputs, problems);
  const [first, ...others] = groupBy(identities, (identity) => String(runsOnGitHub(identity)));
  return mapEach([first ?? identities, ...others], (group) => ({
    kind: 'keyless',
    identities: group,
    circumstances: runsOnGitHub(group[0]) ? withoutProposals(circumstances) : circumstances,
    roots,
  }));
}

type RequiredType = Pick<Requirement, 'name' | 'predicateTypes'>;

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
