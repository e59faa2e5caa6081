// Inputs as the runner provides them, and the environment of a job that is allowed to request a token.
import type { Environment } from '../../src/action/environment.ts';
import { DEFAULTS, INPUTS, type RawInputs } from '../../src/action/inputs.ts';
import { parseRequest } from '../../src/action/request.ts';
import { type ActionError, actionErrorsOf } from '../../src/errors.ts';
import type { NonEmpty } from '../../src/model/non-empty.ts';
import type { Authority, KeyLocation, Requirement } from '../../src/model/policy.ts';
import type { SkippedStep } from '../../src/model/skip.ts';
import type { SignRequest, VerifyRequest } from '../../src/model/request.ts';

export const DIGEST = `sha256:${'ab'.repeat(32)}` as const;

export const ENVIRONMENT: Environment = {
  repository: 'acme/app',
  repositoryId: '1000001',
  repositoryOwnerId: '2000002',
  serverUrl: 'https://github.com',
  apiUrl: 'https://api.github.com',
  temp: '/temp',
  artifactsList: '',
  loginFiles: ['/home/.docker/config.json'],
  event: { visibility: 'public' },
  identityToken: 'available',
  proxy: {},
  unusableProxies: [],
  undeclaredInputs: [],
  variable: () => undefined,
  workspace: '/workspace',
};

export function given(changes: Partial<RawInputs>): RawInputs {
  const empty = Object.fromEntries(Object.keys(INPUTS).map((name) => [name, ''])) as RawInputs;
  return {
    ...empty,
    ...DEFAULTS,
    'github-token': 'ghs_token',
    recursive: 'false',
    'retry-timeout': '5m',
    summary: 'true',
    ...changes,
  };
}

export const SIGN: Partial<RawInputs> = {
  mode: 'sign',
  images: 'ghcr.io/acme/app',
  digest: DIGEST,
};
export const VERIFY: Partial<RawInputs> = { mode: 'verify', images: 'ghcr.io/acme/app:v1' };

export async function parse(
  changes: Partial<RawInputs>,
  environment: Partial<Environment> = {},
): Promise<SignRequest | VerifyRequest> {
  const request = await parseOrSkip(changes, environment);
  if (request.mode === 'skip') throw new TypeError(request.skip.message);
  return request;
}

export async function parseOrSkip(
  changes: Partial<RawInputs>,
  environment: Partial<Environment> = {},
): Promise<SignRequest | VerifyRequest | SkippedStep> {
  return parseRequest(given(changes), { ...ENVIRONMENT, ...environment });
}

/** The signers that the gate accepts. */
export async function authorityOf(
  changes: Partial<RawInputs>,
  environment: Partial<Environment> = {},
): Promise<Authority<KeyLocation>> {
  const request = await parse({ ...VERIFY, ...changes }, environment);
  if (request.mode !== 'verify') throw new TypeError('not a gate');
  return requirementsIn(request)[0].anyOf[0];
}

/** From the policy of the inputs. */
export function requirementsIn({ policies }: VerifyRequest): NonEmpty<Requirement<KeyLocation>> {
  const [alternative] = policies[0].alternatives;
  if (alternative.kind === 'static') throw new TypeError('no evidence is required');
  return alternative.requirements;
}

/** The problems, in the order in which they are reported. */
export async function problemsOf(
  changes: Partial<RawInputs>,
  environment: Partial<Environment> = {},
): Promise<readonly ActionError[]> {
  try {
    await parseOrSkip(changes, environment);
    return [];
  } catch (error) {
    return actionErrorsOf(error);
  }
}

/** The remedy for a missing digest. */
export const FROM_BUILD = '${{ steps.build.outputs.digest }}';

/** Inputs with one problem, and its message. */
export interface Problem {
  readonly inputs: Partial<RawInputs>;
  readonly environment?: Partial<Environment>;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}
