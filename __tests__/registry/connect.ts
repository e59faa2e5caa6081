// Clients of registries on loopback, with the credentials that a test gives them.
import { type ActionError, actionErrorsOf } from '../../src/errors.ts';
import type { Transport } from '../../src/http/message.ts';
import { createTransport } from '../../src/http/transport.ts';
import type { Access } from '../../src/registry/access-remedy.ts';
import { RegistryClient } from '../../src/registry/client.ts';
import type { Credentials } from '../../src/registry/login.ts';

export const ANONYMOUS: Credentials = { kind: 'anonymous', from: 'no credentials' };
export const PASSWORD: Credentials = {
  kind: 'password',
  username: 'octocat',
  password: 'registry-password',
  from: 'registry-username and registry-password',
};

export interface Connection {
  readonly access?: Access;
  readonly credentials?: Credentials;
  readonly retryTimeout?: number;
}

export function connect(
  host: string,
  path: string,
  { access = 'pull,push', credentials = ANONYMOUS, retryTimeout = 0 }: Connection = {},
): RegistryClient {
  return new RegistryClient({ registry: host, path }, access, {
    transport: transportWith(retryTimeout),
    keychain: () => Promise.resolve(credentials),
  });
}

/** A client of a registry on the internet, whose requests are sent to an address on loopback. */
export function connectAs(
  registry: string,
  address: URL,
  { access = 'pull,push', credentials = ANONYMOUS }: Connection = {},
): RegistryClient {
  const direct = transportWith(0);
  const rerouted: Transport = async (request) => {
    const answer = await direct({
      ...request,
      url: new URL(request.url.pathname + request.url.search, address),
    });
    return { ...answer, url: request.url };
  };
  return new RegistryClient({ registry, path: 'acme/app' }, access, {
    transport: rerouted,
    keychain: () => Promise.resolve(credentials),
  });
}

export function transportWith(retryTimeout: number): Transport {
  return createTransport({ retryTimeout, onRetry: () => undefined });
}

/** The one problem that the work ends with. */
export async function problemOf(work: Promise<unknown>): Promise<ActionError> {
  const outcome: unknown = await work.catch((error: unknown) => error);
  const [problem, ...others] = Error.isError(outcome) ? actionErrorsOf(outcome) : [];
  if (problem === undefined || others.length > 0)
    throw new Error(`Not one problem but ${others.length}`, { cause: outcome });
  return problem;
}
