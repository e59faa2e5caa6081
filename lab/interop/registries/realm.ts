// A token service for registries: https://distribution.github.io/distribution/spec/auth/token/.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

import { signJwt } from '../../services/jwt.ts';

export interface Realm {
  /** Of the token service. */
  readonly url: string;
  readonly service: string;
  readonly issuer: string;
  /** The key of its tokens, as a JSON Web Key Set. */
  readonly keys: object;
  /** Base64 of the user and the password, as in `auths` of Docker's config.json. */
  readonly login: string;
  /** Whether the token in this header is valid for the action. */
  allows(authorization: string | undefined, repository: string, action: 'pull' | 'push'): boolean;
  stop(): Promise<void>;
}

interface Access {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

const SERVICE = 'registry';
const ISSUER = 'realm';
const KEY_ID = 'the-only-key';
const LOGIN = Buffer.from('octocat:registry-password').toString('base64');
/** Seconds. */
const LIFETIME = 300;

export async function startRealm(): Promise<Realm> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const granted = new Map<string, readonly Access[]>();

  const grant = (access: readonly Access[]): string => {
    const now = Math.floor(Date.now() / 1000);
    const header = { typ: 'JWT', alg: 'ES256', kid: KEY_ID };
    const times = { iat: now, nbf: now - 5, exp: now + LIFETIME };
    const claims = { iss: ISSUER, sub: 'octocat', aud: SERVICE, jti: randomUUID(), ...times };
    const token = signJwt(header, { ...claims, access }, privateKey);
    granted.set(token, access);
    return token;
  };

  const server = http.createServer(({ url = '', headers: { authorization } }, response) => {
    if (authorization !== `Basic ${LOGIN}`) {
      response.writeHead(401).end();
      return;
    }
    const token = grant(accessIn(new URL(url, 'http://realm').searchParams.getAll('scope')));
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ token, expires_in: LIFETIME }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');

  return {
    // go-containerregistry sends no credentials to a token service at a private address, unless it is given by name.
    url: `http://localhost:${(server.address() as AddressInfo).port}/token`,
    service: SERVICE,
    issuer: ISSUER,
    keys: {
      keys: [{ ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'ES256', use: 'sig' }],
    },
    login: LOGIN,
    allows(authorization = '', repository, action) {
      const access = granted.get(authorization.replace(/^Bearer /, '')) ?? [];
      return access.some(({ name, actions }) => name === repository && actions.includes(action));
    },
    async stop() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

/** https://distribution.github.io/distribution/spec/auth/scope/; everybody who logs in gets what they ask for. */
function accessIn(scopes: readonly string[]): readonly Access[] {
  return scopes
    .flatMap((scope) => scope.split(' '))
    .flatMap((scope) => {
      const [, type, name, actions] = /^([a-z]+):(.+):([a-z,*]+)$/.exec(scope) ?? [];
      return type && name && actions ? [{ type, name, actions: actions.split(',') }] : [];
    });
}
