// An OIDC issuer on loopback in place of GitHub Actions: discovery, keys, and the endpoint from which a job requests its token.
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Claims = Readonly<Record<string, string>>;

/** The variables in the environment of a job. */
export interface TokenRequest {
  readonly ACTIONS_ID_TOKEN_REQUEST_URL: string;
  readonly ACTIONS_ID_TOKEN_REQUEST_TOKEN: string;
}

export interface Issuer {
  readonly url: string;
  /** A token for the audience `sigstore`. */
  token(claims: Claims): string;
  /** The environment of a job whose tokens carry these claims. */
  job(claims: Claims): TokenRequest;
  readonly stop: () => Promise<void>;
}

export async function startIssuer(): Promise<Issuer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('hex');
  const jobs = new Map<string, Claims>();

  const token = (claims: Claims, audience = 'sigstore'): string => {
    const now = Math.floor(Date.now() / 1000);
    const header = { alg: 'RS256', typ: 'JWT', kid };
    const payload = {
      iss: url,
      aud: audience,
      jti: randomUUID(),
      iat: now,
      nbf: now - 5,
      exp: now + 600,
      ...claims,
    };
    const signed = [header, payload]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
  };

  const answer = (path: URL, authorization = ''): unknown => {
    switch (path.pathname) {
      case '/.well-known/openid-configuration':
        return {
          issuer: url,
          jwks_uri: `${url}/keys`,
          authorization_endpoint: `${url}/authorize`,
          token_endpoint: `${url}/token`,
          response_types_supported: ['id_token'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
        };
      case '/keys':
        return {
          keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }],
        };
      case '/job/token': {
        const claims = jobs.get(authorization.replace(/^bearer /i, ''));
        return claims && { value: token(claims, path.searchParams.get('audience') ?? undefined) };
      }
      default:
        return undefined;
    }
  };

  const server = createServer((request, response) => {
    const body = answer(new URL(request.url ?? '/', url), request.headers.authorization);
    response
      .writeHead(body ? 200 : 404, { 'Content-Type': 'application/json' })
      .end(JSON.stringify(body ?? {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    token,
    job(claims) {
      const credential = randomUUID();
      jobs.set(credential, claims);
      // Clients append `&audience=`, so the URL already has a query, as GitHub's has.
      return {
        ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/job/token?api-version=2.0`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: credential,
      };
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
