// GitHub's OIDC issuer and the runner's token endpoint.
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';

import { type Answer, type Exchange, json } from './answer.ts';
import { signJwt } from './jwt.ts';
import { buildClaims, type TokenSettings } from './oidc/claims.ts';
import { type Running, Service } from './service.ts';

export interface OidcSettings extends TokenSettings {
  /** What the runner passes to a job with id-token: write. */
  requestToken: string;
}

export interface OidcOptions extends Partial<OidcSettings> {
  readonly port?: number;
}

export interface OidcFacts {
  readonly url: string;
  readonly jwks: string;
}

interface Issuer {
  readonly origin: string;
  readonly settings: OidcSettings;
  readonly privateKey: KeyObject;
  readonly jwk: JsonWebKey & { readonly kid: string };
}

/** Issuers that run at the same time have different keys; a new RSA key is expensive. */
const unused: KeyObject[] = [];

export async function serveOidc({ port, ...chosen }: OidcOptions): Promise<Running<OidcFacts>> {
  const service = new Service();
  const listener = await service.open('oidc', port);
  const { origin } = listener;
  const settings: OidcSettings = {
    issuer: origin,
    claims: {},
    expiresIn: 300,
    signature: 'good',
    requestToken: 'runner-request-token',
    ...chosen,
  };
  const privateKey = unused.pop() ?? newKey();
  const publicJwk = createPublicKey(privateKey).export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify(publicJwk)).digest('hex').slice(0, 40);
  const issuer = { origin, settings, privateKey, jwk: { ...publicJwk, kid } };
  listener.serve((exchange) => answer(issuer, exchange));
  const running = service.ready({ url: origin, jwks: `${origin}/.well-known/jwks` }, (changes) =>
    Object.assign(settings, changes),
  );
  return {
    ...running,
    async close() {
      await running.close();
      unused.push(privateKey);
    },
  };
}

function answer(issuer: Issuer, exchange: Exchange): Answer {
  switch (exchange.url.pathname) {
    case '/.well-known/openid-configuration':
      return json(200, discovery(issuer));
    case '/.well-known/jwks':
      return json(200, { keys: [{ ...issuer.jwk, alg: 'RS256', use: 'sig' }] });
    case '/token':
      return issueToken(issuer, exchange);
    default:
      return { status: 404 };
  }
}

function discovery({ settings, origin }: Issuer): object {
  return {
    issuer: settings.issuer,
    jwks_uri: `${origin}/.well-known/jwks`,
    subject_types_supported: ['public', 'pairwise'],
    response_types_supported: ['id_token'],
    claims_supported: ['sub', 'aud', 'exp', 'iat', 'iss'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid'],
  };
}

function issueToken(
  { settings, privateKey, jwk: { kid } }: Issuer,
  { url, headers }: Exchange,
): Answer {
  const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (token !== settings.requestToken) return json(401, { message: 'Unauthorized' });
  const claims = buildClaims(settings, url.searchParams.get('audience'));
  const key = settings.signature === 'good' ? privateKey : newKey();
  const value = signJwt({ typ: 'JWT', alg: 'RS256', x5t: kid, kid }, claims, key);
  return json(200, { count: value.length, value });
}

function newKey(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}
