// Access to the embedded registry: Basic credentials, or Bearer tokens from the token endpoint (distribution token specification).
import { randomUUID } from 'node:crypto';

import { type Answer, type Exchange, json } from '../answer.ts';
import { refuse } from './errors.ts';
import type { RegistrySettings } from './settings.ts';

type Action = 'pull' | 'push';

interface Grant {
  readonly rights: ReadonlySet<string>;
  readonly expires: number;
}

export class Gatekeeper {
  readonly #settings: RegistrySettings;
  readonly #grants = new Map<string, Grant>();

  constructor(settings: RegistrySettings) {
    this.#settings = settings;
  }

  check(exchange: Exchange, repository: string, action: Action): void {
    const { auth, push } = this.#settings;
    if (auth === 'basic') this.#checkBasic(exchange, action);
    if (auth === 'bearer') this.#checkBearer(exchange, repository, action);
    if (action === 'push' && push === 'denied')
      throw refuse('DENIED', 'requested access to the resource is denied');
  }

  /** GET /v2/ tells a client which scheme to use. */
  ping(exchange: Exchange): Answer {
    const { auth } = this.#settings;
    if (auth === 'basic') this.#checkBasic(exchange, 'push');
    if (auth === 'bearer' && !this.#grant(exchange)) throw this.#challenge(exchange);
    return json(200, {}, { 'Docker-Distribution-API-Version': 'registry/2.0' });
  }

  token({ method, url, headers, body }: Exchange): Answer {
    const form = method === 'POST' ? new URLSearchParams(body.toString()) : url.searchParams;
    const scopes = form.getAll('scope').flatMap((scope) => scope.split(' '));
    const refreshing = form.get('grant_type') === 'refresh_token';
    const signedIn = refreshing
      ? form.get('refresh_token') === this.#settings.identityToken
      : this.#knows(headers.authorization);
    const presented = refreshing || headers.authorization !== undefined;
    if (!signedIn && (presented || !this.#settings.anonymousPull)) {
      throw refuse('UNAUTHORIZED', 'authentication required');
    }
    const token = randomUUID();
    const seconds = this.#settings.tokenSeconds;
    const rights = scopes
      .flatMap((scope) => expand(scope))
      .filter((right) => signedIn || right.endsWith(':pull'));
    const isRotated = refreshing && this.#settings.refreshTokens === 'rotated';
    if (isRotated) this.#settings.identityToken = randomUUID();
    this.#grants.set(token, { rights: new Set(rights), expires: Date.now() + seconds * 1000 });
    return json(200, {
      token,
      access_token: token,
      expires_in: seconds,
      issued_at: new Date().toISOString(),
      ...(isRotated && { refresh_token: this.#settings.identityToken }),
    });
  }

  #checkBasic({ headers }: Exchange, action: Action): void {
    if (this.#knows(headers.authorization)) return;
    if (action === 'pull' && this.#settings.anonymousPull && headers.authorization === undefined)
      return;
    throw refuse('UNAUTHORIZED', 'authentication required', {
      'WWW-Authenticate': 'Basic realm="Registry"',
    });
  }

  #checkBearer(exchange: Exchange, repository: string, action: Action): void {
    const scope = `repository:${repository}:${action === 'push' ? 'pull,push' : 'pull'}`;
    const grant = this.#grant(exchange);
    if (!grant) throw this.#challenge(exchange, scope);
    if (!grant.rights.has(`repository:${repository}:${action}`)) {
      throw this.#challenge(exchange, scope, 'insufficient_scope');
    }
  }

  #grant({ headers }: Exchange): Grant | undefined {
    const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
    const grant = token === undefined ? undefined : this.#grants.get(token);
    return grant && grant.expires > Date.now() ? grant : undefined;
  }

  #challenge({ url, headers }: Exchange, scope?: string, reason?: string): Error {
    const error = reason ?? (headers.authorization === undefined ? undefined : 'invalid_token');
    const parameters = { realm: `${url.origin}/token`, service: 'embedded-registry', scope, error };
    const challenge = Object.entries(parameters)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}="${String(value)}"`);
    return refuse('UNAUTHORIZED', 'authentication required', {
      'WWW-Authenticate': `Bearer ${challenge.join(',')}`,
    });
  }

  #knows(authorization: string | undefined): boolean {
    const { username, password } = this.#settings;
    return authorization === `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
}

function expand(scope: string): string[] {
  const [, resource, actions] = /^(repository:.+):([a-z,*]+)$/.exec(scope) ?? [];
  return (actions ?? '').split(',').map((action) => `${resource ?? ''}:${action}`);
}
