// Answers a registry's 401: https://distribution.github.io/distribution/spec/auth/token/ and RFC 7617.
import { ActionError } from '../errors.ts';
import { whyRefused } from '../http/addresses.ts';
import type { HttpAnswer, Transport } from '../http/message.ts';
import { isRecord, parseJson } from '../text/json.ts';
import type { Repository } from '../model/reference.ts';
import { type Access, accessRemedy, describeCredentials } from './access-remedy.ts';
import type { Credentials } from './login.ts';
import { endpointOf } from './endpoint.ts';
import type { LoggedIn } from './refresh-token.ts';

const TOKEN_LIMIT = 1 << 20;

interface Login {
  readonly repository: Repository;
  readonly access: Access;
  readonly credentials: Credentials;
  readonly transport: Transport;
  /** Masks a token in the log of the job. */
  readonly mask?: ((token: string) => void) | undefined;
  /** Scopes for other repositories. */
  readonly others?: readonly string[];
}

/** The Authorization header for this challenge; undefined if there are no suitable credentials. */
export async function answerChallenge(
  header: string,
  { repository, access, credentials, transport, mask, others = [] }: Login,
): Promise<string | undefined> {
  if (credentials.kind === 'bearer') return `Bearer ${credentials.token}`;
  const challenges = parseChallenges(header);
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
  const realm = bearer?.parameters['realm'];
  if (bearer && realm) {
    const scopes = [...new Set([...scopesFor(bearer, repository, access), ...others])];
    const { service } = bearer.parameters;
    const request = { service, scopes, repository, access, credentials, transport };
    const token = await fetchToken(realm, request);
    mask?.(token);
    return `Bearer ${token}`;
  }
  const wantsBasic = challenges.some(({ scheme }) => scheme === 'basic');
  return wantsBasic && credentials.kind === 'password' ? basic(credentials) : undefined;
}

/** https://distribution.github.io/distribution/spec/auth/scope/ */
export function scopeOf({ path }: Repository, access: Access): string {
  return `repository:${path}:${access}`;
}

const LONGEST_SCOPE = 1024;

/** The scope that we need and the scope in the challenge: for another name of the repository, or after a token was not sufficient. */
function scopesFor(
  { parameters: { scope = '', error } }: Challenge,
  repository: Repository,
  access: Access,
): readonly string[] {
  const own = scopeOf(repository, access);
  const demanded = scope.length > LONGEST_SCOPE ? [] : scope.split(' ').filter(Boolean);
  const others = demanded.filter(
    (other) =>
      error === 'insufficient_scope' || !other.startsWith(`repository:${repository.path}:`),
  );
  return [own, ...others];
}

interface TokenRequest {
  readonly service: string | undefined;
  readonly scopes: readonly string[];
  readonly repository: Repository;
  readonly access: Access;
  readonly credentials: Credentials;
  readonly transport: Transport;
}

async function fetchToken(address: string, request: TokenRequest): Promise<string> {
  const realm = await tokenService(address, request.repository);
  const { credentials } = request;
  if (credentials.kind !== 'identity-token') {
    const answer = await request.transport({
      method: 'GET',
      url: withParameters(realm, request),
      limit: TOKEN_LIMIT,
      redirect: 'return',
      headers: credentials.kind === 'password' ? { authorization: basic(credentials) } : {},
    });
    return tokenIn(answer, realm, request).result;
  }
  const refresh = async (token: string): Promise<LoggedIn<string>> =>
    tokenIn(await postRefresh(realm, token, request), realm, request);
  if (credentials.withToken) return credentials.withToken(refresh);
  return (await refresh(credentials.token)).result;
}

function postRefresh(
  realm: URL,
  token: string,
  { service, scopes, transport }: TokenRequest,
): Promise<HttpAnswer> {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: token,
    client_id: 'countersign',
    ...(service ? { service } : {}),
    scope: scopes.join(' '),
  });
  return transport({
    method: 'POST',
    url: realm,
    limit: TOKEN_LIMIT,
    redirect: 'return',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(form.toString()),
  });
}

function tokenIn(
  answer: HttpAnswer,
  realm: URL,
  { repository, access, credentials }: TokenRequest,
): LoggedIn<string> {
  const json = parseJson(answer.body.toString());
  const { token, access_token: other, refresh_token: next } = isRecord(json) ? json : {};
  const result = token ?? other;
  if (answer.status === 200 && typeof result === 'string')
    return { result, next: typeof next === 'string' && next !== '' ? next : undefined };
  throw refused(
    repository,
    `its token service ${realm.host} answered ${answer.status} (${describeCredentials(credentials)})`,
    isKnownAccount(answer, credentials) ? accessRemedy(repository, access, credentials) : undefined,
  );
}

/** The token services of these registries are known, and a response cannot replace them. */
const PINNED: Readonly<Record<string, string>> = { 'ghcr.io': 'https://ghcr.io/token' };

async function tokenService(address: string, repository: Repository): Promise<URL> {
  const reason = await whyNotTrusted(address, repository);
  if (reason === undefined) return new URL(address);
  throw refused(
    repository,
    `credentials are not sent to its token service "${address}": ${reason}`,
  );
}

async function whyNotTrusted(
  address: string,
  { registry }: Repository,
): Promise<string | undefined> {
  const pinned = PINNED[registry];
  if (pinned !== undefined && address !== pinned)
    return `the token service of ${registry} is ${pinned}`;
  if (!URL.canParse(address)) return 'that is not a URL';
  return whyRefused(new URL(address), endpointOf(registry));
}

function withParameters(realm: URL, { service, scopes }: TokenRequest): URL {
  const url = new URL(realm);
  if (service) url.searchParams.set('service', service);
  url.searchParams.delete('scope');
  for (const scope of scopes) url.searchParams.append('scope', scope);
  return url;
}

function basic({
  username,
  password,
}: {
  readonly username: string;
  readonly password: string;
}): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

interface Challenge {
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** RFC 9110 section 11.6.1: several challenges in one header, with commas also inside quotes. */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  for (const match of header.matchAll(
    /([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([A-Za-z][A-Za-z0-9_-]*)(?=\s|$)/g,
  )) {
    const [, name, quoted, bare, scheme] = match;
    if (scheme) challenges.push({ scheme: scheme.toLowerCase(), parameters: {} });
    else if (name)
      Object.assign(challenges.at(-1)?.parameters ?? {}, {
        [name.toLowerCase()]: quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '',
      });
  }
  return challenges;
}

/** The challenge without what is about one request alone: its scope and its error. */
export function challengeForAny(header: string): string {
  return parseChallenges(header)
    .map(({ scheme, parameters }) => {
      const kept = Object.entries(parameters).filter(
        ([name]) => !['scope', 'error'].includes(name),
      );
      return `${scheme} ${kept.map(([name, value]) => `${name}=${quoted(value)}`).join(',')}`;
    })
    .join(', ');
}

function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** ghcr.io answers 403 for a valid token without access to the package. */
function isKnownAccount({ status }: HttpAnswer, { kind }: Credentials): boolean {
  return status === 403 && kind !== 'anonymous';
}

function refused({ registry }: Repository, state: string, remedy?: string): ActionError {
  return new ActionError('permission', 'PERMISSION_REGISTRY', {
    message: `Cannot log in to "${registry}": ${state}`,
    remedy:
      remedy ??
      `log in to ${registry} with docker/login-action before this step, or set "registry-username" and "registry-password"`,
  });
}
