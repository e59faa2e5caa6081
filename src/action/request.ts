// From text to a request: every problem of the inputs is found here, all at once, and before any network call.
import { resolve } from 'node:path';
import type { EvidencePlace } from '../model/evidence-place.ts';
import { isNonEmpty, type NonEmpty } from '../model/non-empty.ts';
import { rootsAt, type WrittenPolicy } from '../model/policy.ts';
import type { Repository } from '../model/reference.ts';
import type { Common, SignRequest, VerifyRequest } from '../model/request.ts';
import type { StoreName } from '../model/bundle.ts';
import type { SkippedStep } from '../model/skip.ts';
import { readClaims } from './claims.ts';
import { readClusterPolicies } from './cluster-policies.ts';
import { parseCopyTargets } from './copy-targets.ts';
import { parseDuration } from './duration.ts';
import type { Environment } from './environment.ts';
import { parseEvidencePlace, parsePlaceToSign } from './evidence-place.ts';
import { attestationsOf, type GitHubNames, parseGitHubNames } from './github-names.ts';
import { readImagesToSign, readImagesToVerify } from './images.ts';
import { DEFAULTS, type InputName, INPUTS, type RawInputs } from './inputs.ts';
import { parseInstance } from './instance.ts';
import { choiceOf, isTrue, listOf, Problems } from './problems.ts';
import { readPatterns } from './patterns.ts';
import { parsePolicy } from './policy.ts';
import { parseSigningKey, refuseKeyInGitHub, refuseWithoutToken } from './signing-key.ts';
import { inFormats, refuseFormatElsewhere, type SignatureFormat } from './signature-format.ts';
import { parseSkip, withoutEmptySecrets } from './skip.ts';
import { readSources } from './sources.ts';
import { parseTags } from './tags.ts';
import { refuseUndeclared } from './undeclared.ts';

const STORES = ['registry', 'github'] as const satisfies readonly StoreName[];
const FORMATS = ['bundle', 'legacy'] as const satisfies readonly SignatureFormat[];
const ON_FAILURE = ['fail', 'warn'] as const;

/** Throws `ActionErrors` with all problems. */
export async function parseRequest(
  inputs: RawInputs,
  environment: Environment,
): Promise<SignRequest | VerifyRequest | SkippedStep> {
  const problems = new Problems();
  const mode = parseMode(inputs, problems);
  if (mode !== undefined) refuseOtherMode(inputs, mode, problems);
  refuseUndeclared(environment.undeclaredInputs, problems);
  refuseProxies(environment.unusableProxies, problems);
  const parse = mode === 'sign' ? parseSignRequest : parseVerifyRequest;
  const parsed = await parse(inputs, environment, problems);
  return problems.conclude<SignRequest | VerifyRequest | SkippedStep>(parsed);
}

function parseMode({ mode }: RawInputs, problems: Problems): 'sign' | 'verify' | undefined {
  if (mode === 'sign' || mode === 'verify') return mode;
  const remedy = 'write "mode: sign" or "mode: verify"';
  if (mode === '') problems.add('INPUT_MISSING', 'Missing required input "mode"', remedy);
  else {
    const message = `Cannot use "mode": "${mode}" is neither sign nor verify`;
    problems.add('INPUT_INVALID', message, remedy);
  }
  return undefined;
}

function refuseProxies(names: readonly string[], problems: Problems): void {
  for (const name of names) {
    problems.add(
      'INPUT_INVALID',
      `Cannot use the proxy in ${name}: its value is not the address of an HTTP proxy`,
      'write http://host:port or http://user:password@host:port, with special characters of the password percent-encoded ("/" is %2F, "#" is %23)',
    );
  }
}

function refuseOtherMode(inputs: RawInputs, mode: 'sign' | 'verify', problems: Problems): void {
  for (const name of Object.keys(INPUTS) as InputName[]) {
    const belongs = INPUTS[name] === 'both' || INPUTS[name] === mode;
    if (belongs || inputs[name] === '' || inputs[name] === DEFAULTS[name]) continue;
    problems.add(
      'INPUT_CONFLICT',
      `Cannot use "${name}" with "mode: ${mode}": it belongs to "mode: ${INPUTS[name]}"`,
      `remove "${name}" from the step`,
    );
  }
}

function parseCommon(
  inputs: RawInputs,
  environment: Environment,
  problems: Problems,
): Omit<Common, 'evidencePlace'> {
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
      `set "${missing}" too, or remove "${set}"`,
    );
  }
  return {
    retryTimeout:
      problems.take(
        'retry-timeout',
        parseDuration(inputs['retry-timeout'], 'smh', '30s, 5m, 1h; 0s for no retries'),
      ) ?? 0,
    thisRepository: environment.repository,
    summary: isTrue('summary', inputs, problems) ? 'write' : 'leave',
    ...(root === '' ? {} : { trustedRoot: resolve(environment.workspace, root) }),
    ...(token === '' ? {} : { githubToken: token }),
    ...(username === '' ? {} : { credentials: { username, password } }),
  };
}

async function parseSignRequest(
  given: RawInputs,
  environment: Environment,
  problems: Problems,
): Promise<SignRequest | SkippedStep | undefined> {
  const inputs = withoutEmptySecrets(given, environment);
  const images = await readImagesToSign(inputs, environment, problems);
  const common = parseCommon(inputs, environment, problems);
  const stores = oneOf(inputs, 'stores', STORES, problems);
  const formats = oneOf(inputs, 'signature-format', FORMATS, problems);
  refuseFormatElsewhere(inputs, stores, problems);
  const evidencePlace = parsePlaceToSign(stores, inputs, environment, images ?? [], problems);
  const claims = await readClaims(inputs, stores, environment, problems);
  const key = parseSigningKey(inputs, environment, problems);
  const wanted = { claims, ...(key ? { key } : {}) };
  const skip = parseSkip(inputs, wanted, environment, problems);
  if (!skip) refuseWithoutToken(wanted, environment, problems);
  refuseKeyInGitHub(key, stores, problems);
  const instance = parseInstance(inputs, key, environment, problems);
  const reach = parseReach(inputs, problems);
  const tags = parseTags(inputs, images, problems);
  const ifSigned = choiceOf('if-signed', inputs, ['skip', 'sign'], problems);
  const run = isTrue('dry-run', inputs, problems) ? 'dry' : 'real';
  const places = inFormats(stores, formats);
  if (skip) return { mode: 'skip', skip, summary: common.summary };
  if (!images || !isNonEmpty(places) || !isNonEmpty(claims)) return undefined;
  return {
    ...common,
    ...wanted,
    mode: 'sign',
    images,
    reach,
    stores: places,
    evidencePlace,
    claims,
    instance,
    ifSigned,
    run,
    tags,
  };
}

async function parseVerifyRequest(
  inputs: RawInputs,
  environment: Environment,
  problems: Problems,
): Promise<VerifyRequest | undefined> {
  const images = await readImagesToVerify(inputs, environment, problems);
  const common = parseCommon(inputs, environment, problems);
  const evidencePlace = parseEvidencePlace(inputs, environment, images ?? [], problems);
  const names = parseGitHubNames(inputs, environment, problems);
  const policies = await parsePolicies(inputs, names, environment, common.trustedRoot, problems);
  const places = await readSources(inputs, environment, problems);
  const reach = parseReach(inputs, problems);
  const wait =
    problems.take('wait', parseDuration(inputs.wait, 'smh', '30s, 5m; 0s for none')) ?? 0;
  const [onFailure] = oneOf(inputs, 'on-failure', ON_FAILURE, problems);
  const place: EvidencePlace = policies.source
    ? { kind: 'repository', repository: policies.source }
    : evidencePlace;
  const copyTo = parseCopyTargets(inputs, images ?? [], place, problems);
  if (!images || !onFailure || !policies.written) return undefined;
  return {
    ...common,
    evidencePlace: place,
    reach,
    wait,
    onFailure,
    copyTo,
    ...places,
    mode: 'verify',
    images,
    policies: policies.written,
    attestationsOf: attestationsOf(names, environment),
  };
}

function parseReach(inputs: RawInputs, problems: Problems): 'manifest' | 'tree' {
  return isTrue('recursive', inputs, problems) ? 'tree' : 'manifest';
}

interface Policies {
  readonly written: NonEmpty<WrittenPolicy> | undefined;
  readonly source?: Repository | undefined;
}

async function parsePolicies(
  inputs: RawInputs,
  names: GitHubNames,
  environment: Environment,
  trustedRoot: string | undefined,
  problems: Problems,
): Promise<Policies> {
  if (inputs.policy !== '') {
    const { policies, source } = await readClusterPolicies(
      inputs,
      environment,
      trustedRoot,
      problems,
    );
    return { written: policies, source };
  }
  const patterns = await readPatterns(inputs, problems);
  const signers = { names, patterns };
  const policy = parsePolicy(inputs, signers, environment, rootsAt(trustedRoot), problems);
  return { written: [policy] };
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
      `Cannot use "${input}": "${item}" is not supported`,
      `use ${allowed.join(' or ')}, one per line`,
    );
  }
  if (items.length === 0)
    problems.add(
      'INPUT_MISSING',
      `Cannot use "${input}": it is empty`,
      `use ${allowed.join(' or ')}`,
    );
  return known;
}
