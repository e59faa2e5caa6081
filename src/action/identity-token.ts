// Requests the job's identity token for the audience sigstore: https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
import { setSecret } from '@actions/core';
import { ActionError } from '../errors.ts';
import type { Transport } from '../http/message.ts';
import { isRecord, parseJson } from '../text/json.ts';
import { describeStatus } from '../http/status.ts';

/** The runner's service that issues the token. */
export interface TokenService {
  readonly address: string;
  /** Values that the runner masks by itself. */
  readonly bearer: string;
}

const AUDIENCE = 'sigstore';
const ANSWER_LIMIT = 64 << 10;
/** RFC 7515 section 7.1, the compact serialization. */
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Undefined in a job without `id-token: write`. */
export function tokenServiceIn(
  env: Readonly<Record<string, string | undefined>>,
): TokenService | undefined {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: address, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = env;
  return address && bearer ? { address, bearer } : undefined;
}

/** The token is masked immediately. */
export async function getIdentityToken(
  service: TokenService | undefined,
  transport: Transport,
): Promise<string> {
  if (!service) throw noIdentityToken();
  const url = URL.parse(service.address);
  if (!url) throw unobtainable('ACTIONS_ID_TOKEN_REQUEST_URL is not an address');
  url.searchParams.set('audience', AUDIENCE);
  const answer = await transport({
    method: 'GET',
    url,
    headers: { authorization: `Bearer ${service.bearer}`, accept: 'application/json' },
    limit: ANSWER_LIMIT,
    redirect: 'return',
  });
  const json = parseJson(answer.body.toString());
  const token = isRecord(json) ? json['value'] : undefined;
  if (typeof token === 'string' && token !== '') setSecret(token);
  if (answer.status === 200 && typeof token === 'string' && TOKEN.test(token)) return token;
  const state = answer.status === 200 ? '200 without a token' : describeStatus(answer);
  throw unobtainable(`the runner's token service answered ${state}`);
}

function unobtainable(state: string): ActionError {
  return new ActionError('service', 'SERVICE_REFUSED', {
    message: `Cannot get an identity token: ${state}`,
    remedy:
      'run the job again; if it keeps failing, check "permissions: id-token: write" and https://www.githubstatus.com',
  });
}

export function noIdentityToken(): ActionError {
  return new ActionError('permission', 'PERMISSION_ID_TOKEN', {
    message: 'Cannot sign: this job is not allowed to request an identity token',
    remedy: [
      'add to the job (and to the job that calls it, if this is a reusable workflow):',
      '  permissions:',
      '    contents: read',
      '    id-token: write',
      '    packages: write',
      'or set "if-no-identity: skip", if the job is not meant to sign',
    ].join('\n'),
  });
}
