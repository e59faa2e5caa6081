// GitHub's OIDC issuer and the runner's token endpoint in one process.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';

import { type Answer, type Exchange, json } from './answer.ts';
import { buildClaims, type TokenSettings } from './oidc/claims.ts';
import { Service } from './service.ts';

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

const { port, ...chosen } = JSON.parse(process.argv[2] ?? '{}') as OidcOptions;
const service = new Service();
const issuer = await service.open('oidc', port);
const settings: OidcSettings = {
  issuer: issuer.origin,
  claims: {},
  expiresIn: 300,
  signature: 'good',
  requestToken: 'runner-request-token',
  ...chosen,
};
const listed = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicJwk = listed.publicKey.export({ format: 'jwk' });
const kid = createHash('sha256').update(JSON.stringify(publicJwk)).digest('hex').slice(0, 40);

issuer.serve((exchange) => {
  switch (exchange.url.pathname) {
    case '/.well-known/openid-configuration':
      return json(200, discovery());
    case '/.well-known/jwks':
      return json(200, { keys: [{ ...publicJwk, kid, alg: 'RS256', use: 'sig' }] });
    case '/token':
      return issueToken(exchange);
    default:
      return { status: 404 };
  }
});
const facts: OidcFacts = { url: issuer.origin, jwks: `${issuer.origin}/.well-known/jwks` };
service.ready(facts, (changes) => Object.assign(settings, changes));

function discovery(): object {
  return {
    issuer: settings.issuer,
    jwks_uri: `${issuer.origin}/.well-known/jwks`,
    subject_types_supported: ['public', 'pairwise'],
    response_types_supported: ['id_token'],
    claims_supported: ['sub', 'aud', 'exp', 'iat', 'iss'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid'],
  };
}

function issueToken({ url, headers }: Exchange): Answer {
  const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (token !== settings.requestToken) return json(401, { message: 'Unauthorized' });
  const claims = buildClaims(settings, url.searchParams.get('audience'));
  const encode = (value: object): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${encode({ typ: 'JWT', alg: 'RS256', x5t: kid, kid })}.${encode(claims)}`;
  const key = settings.signature === 'good' ? listed.privateKey : foreignKey();
  return json(200, {
    count: signed.length,
    value: `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`,
  });
}

function foreignKey(): typeof listed.privateKey {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}
