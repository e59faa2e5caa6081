// What the inputs of the gate require of a signer: exact, and never nothing.
import { exactly, type Matcher } from '../model/matcher.ts';
import { isNonEmpty, type NonEmpty } from '../model/parsed.ts';
import type { IdentityRule, RequiredSigner, RequiredType, Requirements } from '../model/request.ts';
import { NAMED_TYPES } from '../model/types.ts';
import type { Environment } from './environment.ts';
import type { RawInputs } from './inputs.ts';
import { parseKeys } from './keys.ts';
import { listOf, type Problems } from './problems.ts';

const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9_-]*\/[A-Za-z0-9._-]+$/;
const OWNER = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
const WORKFLOW =
  /^([A-Za-z0-9][A-Za-z0-9_-]*\/[A-Za-z0-9._-]+\/\.github\/workflows\/[^@\s]+\.ya?ml)(?:@(\S+))?$/;

export function parseRequirements(
  inputs: RawInputs,
  environment: Environment,
  problems: Problems,
): Requirements {
  return {
    require: parseRequire(inputs.require, problems),
    signer:
      inputs.key === ''
        ? parseSignerIdentity(inputs, environment, problems)
        : parseKeys(inputs, environment, problems),
  };
}

function parseSignerIdentity(
  inputs: RawInputs,
  environment: Environment,
  problems: Problems,
): RequiredSigner {
  if (inputs['insecure-ignore-tlog'] !== 'false')
    problems.add(
      'INPUT_CONFLICT',
      'Cannot use "insecure-ignore-tlog" without "key": a certificate is worth nothing without the time when it signed',
      'remove "insecure-ignore-tlog" from the step',
    );
  return {
    kind: 'identity',
    issuer: parseIssuer(inputs['certificate-oidc-issuer'], problems),
    identity: parseIdentity(inputs, environment, problems),
  };
}

function parseRequire(text: string, problems: Problems): NonEmpty<RequiredType> {
  const types = listOf(text).map((name): RequiredType => {
    const named = Object.hasOwn(NAMED_TYPES, name) ? NAMED_TYPES[name] : undefined;
    if (!named && !URL.canParse(name))
      problems.add(
        'INPUT_INVALID',
        `Cannot use "require": "${name}" is not a type`,
        `write ${Object.keys(NAMED_TYPES).join(', ')} or the URI of a predicate type`,
      );
    return { name, predicateTypes: named ?? [name] };
  });
  if (isNonEmpty(types)) return types;
  problems.add(
    'INPUT_UNSAFE',
    'Cannot verify: "require" is empty, and nothing required is nothing verified',
    'leave "require" out, or write "signature"',
  );
  return [{ name: '', predicateTypes: [''] }];
}

function parseIssuer(text: string, problems: Problems): Matcher {
  const issuers = listOf(text);
  for (const issuer of issuers.filter((each) => !URL.canParse(each))) {
    problems.add(
      'INPUT_INVALID',
      `Cannot use "certificate-oidc-issuer": "${issuer}" is not a URL`,
      'write the issuer as in the certificate, https://token.actions.githubusercontent.com for GitHub',
    );
  }
  if (isNonEmpty(issuers)) return { kind: 'exact', values: issuers };
  problems.add(
    'INPUT_UNSAFE',
    'Cannot verify: "certificate-oidc-issuer" is empty, so anybody\'s issuer could vouch',
    'leave "certificate-oidc-issuer" out for GitHub Actions',
  );
  return exactly('');
}

function parseIdentity(
  inputs: RawInputs,
  { repository: here, serverUrl }: Environment,
  problems: Problems,
): NonEmpty<IdentityRule> {
  const { repository, owner, 'signer-workflow': workflow } = inputs;
  const identities = listOf(inputs['certificate-identity']);
  const byParts = (['repository', 'owner', 'signer-workflow'] as const).filter(
    (name) => inputs[name] !== '',
  );
  if (identities.length > 0 && byParts[0]) {
    problems.add(
      'INPUT_CONFLICT',
      `Cannot use "certificate-identity" beside "${byParts.join('" and "')}": both say who must have signed`,
      `keep "${byParts.join('" and "')}" for GitHub workflows; keep "certificate-identity" for anything else`,
    );
  }
  const rules: IdentityRule[] = [];
  if (isNonEmpty(identities))
    rules.push({ name: 'certificate-identity', matcher: { kind: 'exact', values: identities } });
  if (repository !== '')
    rules.push({
      name: 'repository',
      matcher: exactly(
        `${serverUrl}/${checked('repository', repository, REPOSITORY, 'owner/name', problems)}`,
      ),
    });
  if (owner !== '')
    rules.push({
      name: 'owner',
      matcher: exactly(
        `${serverUrl}/${checked('owner', owner, OWNER, 'the name alone', problems)}`,
      ),
    });
  if (workflow !== '')
    rules.push({
      name: 'signer-workflow',
      matcher: workflowMatcher(
        checked(
          'signer-workflow',
          workflow,
          WORKFLOW,
          'owner/name/.github/workflows/file.yml, with "@ref" behind it if only that ref may sign',
          problems,
        ),
        serverUrl,
      ),
    });
  if (workflow !== '' && repository === '' && owner === '')
    rules.push(callerOf(workflow, here, serverUrl));
  if (isNonEmpty(rules)) return rules;
  if (here === '')
    problems.add(
      'INPUT_UNSAFE',
      'Cannot verify: no identity is required, and this is not a GitHub Actions job whose repository could be',
      'set "repository" to the source repository of the image',
    );
  return [{ name: 'repository', matcher: exactly(`${serverUrl}/${here}`) }];
}

function checked(
  input: 'repository' | 'owner' | 'signer-workflow',
  value: string,
  form: RegExp,
  description: string,
  problems: Problems,
): string {
  if (!form.test(value))
    problems.add(
      'INPUT_INVALID',
      `Cannot use "${input}": "${value}" is not of the expected form`,
      `write ${description}`,
    );
  return value;
}

/** Anybody may call a reusable workflow: without a repository or an owner beside it, only its own repository and this one. */
function callerOf(workflow: string, here: string, serverUrl: string): IdentityRule {
  const own = `${serverUrl}/${workflow.split('/').slice(0, 2).join('/')}`;
  return {
    name: 'repository',
    matcher: { kind: 'exact', values: here === '' ? [own] : [own, `${serverUrl}/${here}`] },
  };
}

function workflowMatcher(workflow: string, serverUrl: string): Matcher {
  const url = `${serverUrl}/${workflow}`;
  return workflow.includes('@') ? exactly(url) : { kind: 'any-ref', url };
}
