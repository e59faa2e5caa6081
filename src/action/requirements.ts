// The requirements of the gate from its inputs: exact, and never empty.
import { isNonEmpty, type NonEmpty } from '../model/non-empty.ts';
import type { RequiredSigner, RequiredType, Requirements } from '../model/request.ts';
import { NAMED_TYPES } from '../model/types.ts';
import { parseCircumstances } from './circumstances.ts';
import type { Environment } from './environment.ts';
import type { GitHubNames } from './github-names.ts';
import { parseIdentities } from './identities.ts';
import type { RawInputs } from './inputs.ts';
import { parseKeys } from './keys.ts';
import { listOf, type Problems } from './problems.ts';

export function parseRequirements(
  inputs: RawInputs,
  names: GitHubNames,
  environment: Environment,
  problems: Problems,
): Requirements {
  return {
    require: parseRequire(inputs.require, problems),
    signer:
      inputs.key === ''
        ? parseSigner(inputs, names, environment, problems)
        : parseKeys(inputs, environment, problems),
  };
}

function parseSigner(
  inputs: RawInputs,
  names: GitHubNames,
  environment: Environment,
  problems: Problems,
): RequiredSigner {
  if (inputs['insecure-ignore-tlog'] !== 'false')
    problems.add(
      'INPUT_CONFLICT',
      'Cannot use "insecure-ignore-tlog" without "key": a certificate can only be verified for a known time of signing',
      'remove "insecure-ignore-tlog" from the step',
    );
  return {
    kind: 'identity',
    identities: parseIdentities(inputs, names, environment, problems),
    circumstances: parseCircumstances(inputs, problems),
  };
}

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
