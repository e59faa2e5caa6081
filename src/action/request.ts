// From text to a request: every problem of the inputs is found here, all at once, and before any network call.
import { resolve } from 'node:path';
import { groupByDigest, type Subject } from '../model/subject.ts';
import { isNonEmpty, type NonEmpty } from '../model/non-empty.ts';
import { rootsAt } from '../model/policy.ts';
import type { Reference } from '../model/reference.ts';
import type {
  Common,
  Instance,
  PredicateName,
  SignRequest,
  StoreName,
  VerifyRequest,
} from '../model/request.ts';
import type { Environment } from './environment.ts';
import { attestationsOf, parseGitHubNames } from './github-names.ts';
import { noIdentityToken } from './identity-token.ts';
import { parseImages } from './images.ts';
import { DEFAULTS, type InputName, INPUTS, type RawInputs } from './inputs.ts';
import { isTrue, listOf, Problems } from './problems.ts';
import { parsePolicy } from './policy.ts';
import { refuseUndeclared } from './undeclared.ts';

const STORES = ['registry', 'github'] as const satisfies readonly StoreName[];
const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** Throws `ActionErrors` with all problems. */
export function parseRequest(
  inputs: RawInputs,
  environment: Environment,
): SignRequest | VerifyRequest {
  const problems = new Problems();
  const { mode } = inputs;
  if (mode !== 'sign' && mode !== 'verify') {
    problems.add(
      mode === '' ? 'INPUT_MISSING' : 'INPUT_INVALID',
      mode === ''
        ? 'Cannot start: "mode" is empty'
        : `Cannot use "mode": "${mode}" is neither sign nor verify`,
      'write "mode: sign" or "mode: verify"',
    );
  } else {
    refuseOtherMode(inputs, mode, problems);
  }
  refuseUndeclared(environment.undeclaredInputs, problems);
  for (const name of environment.unusableProxies) {
    problems.add(
      'INPUT_INVALID',
      `Cannot use the proxy in ${name}: its value is not the address of an HTTP proxy`,
      'write http://host:port or http://user:password@host:port, with special characters of the password percent-encoded ("/" is %2F, "#" is %23)',
    );
  }
  const images = parseImages(inputs, problems);
  const common = parseCommon(inputs, environment, problems);
  const request =
    mode === 'sign'
      ? signRequest(inputs, environment, images, common, problems)
      : verifyRequest(inputs, environment, images, common, problems);
  problems.throwAny();
  return request;
}

function refuseOtherMode(inputs: RawInputs, mode: 'sign' | 'verify', problems: Problems): void {
  for (const name of Object.keys(INPUTS) as InputName[]) {
    const belongs = INPUTS[name] === 'both' || INPUTS[name] === mode;
    if (belongs || inputs[name] === '' || inputs[name] === DEFAULTS[name]) continue;
    problems.add(
      'INPUT_CONFLICT',
      `Cannot use "${name}" with "mode: ${mode}": it is for mode ${INPUTS[name]}`,
      `remove "${name}" from the step`,
    );
  }
}

function parseCommon(inputs: RawInputs, environment: Environment, problems: Problems): Common {
  const {
    'registry-username': username,
    'registry-password': password,
    'trusted-root': root,
    'github-token': token,
  } = inputs;
  if ((username === '') !== (password === '')) {
    const [set, missing] =
      username === ''
        ? ['registry-password', 'registry-username']
        : ['registry-username', 'registry-password'];
    problems.add(
      'INPUT_CONFLICT',
      `Cannot use "${set}" without "${missing}"`,
      `set "${missing}" too, or neither`,
    );
  }
  return {
    retryTimeout: parseDuration(inputs['retry-timeout'], problems),
    thisRepository: environment.repository,
    summary: isTrue('summary', inputs, problems) ? 'write' : 'leave',
    ...(root === '' ? {} : { trustedRoot: resolve(environment.workspace, root) }),
    ...(token === '' ? {} : { githubToken: token }),
    ...(username === '' ? {} : { credentials: { username, password } }),
  };
}

function parseDuration(text: string, problems: Problems): number {
  const [, number = '', unit = ''] = /^(\d{1,5})(s|m|h)$/.exec(text) ?? [];
  const milliseconds = Number(number) * (UNITS[unit] ?? Number.NaN);
  if (Number.isNaN(milliseconds))
    problems.add(
      'INPUT_INVALID',
      `Cannot use "retry-timeout": "${text}" is not a duration`,
      'write a number and a unit: 30s, 5m, 1h; 0s for no retries',
    );
  return milliseconds;
}

function signRequest(
  inputs: RawInputs,
  environment: Environment,
  images: readonly Reference[],
  common: Common,
  problems: Problems,
): SignRequest {
  if (environment.identityToken === 'unavailable') problems.include(noIdentityToken());
  const stores = oneOf(inputs, 'stores', STORES, problems);
  const attestations =
    inputs.attestations === ''
      ? stores.includes('github')
        ? ['provenance' as const]
        : []
      : oneOf(inputs, 'attestations', ['provenance'] as const, problems);
  const predicates: readonly PredicateName[] = [
    ...(stores.includes('registry') ? ['signature' as const] : []),
    ...attestations,
  ];
  const subjects = images.flatMap(({ repository, digest }): Subject[] =>
    digest ? [{ repository, digest }] : [],
  );
  return {
    ...common,
    mode: 'sign',
    subjects: groupByDigest(subjects).flat() as unknown as NonEmpty<Subject>,
    stores: isNonEmpty(stores) ? stores : ['registry'],
    predicates: isNonEmpty(predicates) ? predicates : ['signature'],
    instance: parseInstance(inputs, environment, problems),
  };
}

function parseInstance(
  { sigstore, 'trusted-root': root }: RawInputs,
  { workspace }: Environment,
  problems: Problems,
): Instance {
  if (sigstore === '') return { kind: 'public-by-default' };
  if (sigstore === 'public-good') return { kind: sigstore };
  if (root === '')
    problems.add(
      'INPUT_MISSING',
      'Cannot check signatures of a private Sigstore instance: "trusted-root" is empty',
      'set "trusted-root" to the trusted_root.json that belongs to the signing configuration',
    );
  return { kind: 'custom', signingConfig: resolve(workspace, sigstore) };
}

function verifyRequest(
  inputs: RawInputs,
  environment: Environment,
  images: readonly Reference[],
  common: Common,
  problems: Problems,
): VerifyRequest {
  const names = parseGitHubNames(inputs, environment, problems);
  return {
    ...common,
    mode: 'verify',
    images: images as unknown as NonEmpty<Reference>,
    policies: [parsePolicy(inputs, names, environment, rootsAt(common.trustedRoot), problems)],
    attestationsOf: attestationsOf(names, environment),
  };
}

function oneOf<T extends string>(
  inputs: RawInputs,
  input: InputName,
  allowed: readonly T[],
  problems: Problems,
): readonly T[] {
  const items = [...new Set(listOf(inputs[input]))];
  const known = allowed.filter((value) => items.includes(value));
  for (const item of items.filter((each) => !known.some((value) => value === each))) {
    problems.add(
      'INPUT_INVALID',
      `Cannot use "${input}": "${item}" is not known`,
      `write ${allowed.join(' or ')}, one a line`,
    );
  }
  if (items.length === 0)
    problems.add(
      'INPUT_MISSING',
      `Cannot go on: "${input}" is empty`,
      `write ${allowed.join(' or ')}`,
    );
  return known;
}
