// One token for several repositories: granted, rejected, or not sufficient.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { pushImage } from '../../lab/services/image.ts';
import { type Answer, type Asked, serve } from '../../lab/services/loopback.ts';
import { defaultSettings } from '../../lab/services/registry/settings.ts';
import { startRegistry } from '../../lab/services/start.ts';
import { until } from '../../lab/services/until.ts';
import { RegistryClient } from '../../src/registry/client.ts';
import { readManifest } from '../../src/registry/content.ts';
import { startUpload } from '../../src/registry/upload.ts';
import type { Keychain } from '../../src/registry/login.ts';
import { SharedTokens } from '../../src/registry/shared-tokens.ts';
import { PASSWORD, problemOf, transportWith } from './connect.ts';

const NAMES = ['acme/app', 'acme/db', 'acme/web'];
const registry = await startRegistry({ auth: 'bearer' });
const login = { username: defaultSettings.username, password: defaultSettings.password };
for (const name of NAMES) await pushImage({ ...registry, ...login }, name, { tag: 'v1' });

let masked: string[] = [];

beforeEach(() => {
  masked = [];
  return registry.clear();
});
afterAll(() => registry.stop());

function connectAll(
  host: string,
  names: readonly string[] = NAMES,
  keychain: Keychain = () => Promise.resolve(PASSWORD),
): readonly RegistryClient[] {
  const mask = (token: string): void => void masked.push(token);
  const services = { transport: transportWith(0), keychain, mask };
  const tokens = new SharedTokens(services);
  return names.map(
    (path) => new RegistryClient({ registry: host, path }, 'pull,push', { ...services, tokens }),
  );
}

const readAll = (clients: readonly RegistryClient[]): Promise<unknown[]> =>
  Promise.all(clients.map((client) => readManifest(client, 'v1')));

function scopesOf(requests: readonly { readonly path: string }[]): readonly string[][] {
  return requests
    .filter(({ path }) => path.startsWith('/token'))
    .map(({ path }) => new URL(path, 'http://x').searchParams.getAll('scope').sort());
}

const scopes = (names: readonly string[]): readonly string[] =>
  names.map((name) => `repository:${name}:pull,push`);

test('requests one token for all repositories and pulls and pushes with it', async () => {
  const clients = connectAll(registry.host);
  expect(await readAll(clients)).not.toContain(undefined);
  await Promise.all(clients.map(startUpload));
  expect(scopesOf(await registry.requests())).toEqual([scopes(NAMES)]);
});

test('masks the token for all repositories', async () => {
  await readAll(connectAll(registry.host));
  const sent = (await registry.requests())
    .filter(({ path }) => path.startsWith('/v2/'))
    .flatMap(({ headers: { authorization } }) => authorization?.slice('Bearer '.length) ?? []);
  expect(masked).toEqual([...new Set(sent)]);
});

test('requests no shared token for a single client', async () => {
  await readAll(connectAll(registry.host, ['acme/app']));
  expect(scopesOf(await registry.requests())).toEqual([scopes(['acme/app'])]);
});

test('requests at most ten repositories per token', async () => {
  const names = Array.from({ length: 23 }, (_, index) => `acme/app-${index}`);
  await readAll(connectAll(registry.host, names));
  const asked = scopesOf(await registry.requests());
  expect(asked.map(({ length }) => length).sort()).toEqual([10, 10, 3]);
  expect(new Set(asked.flat()).size).toBe(23);
});

test('requests the tokens of those that are not in use yet, too', async () => {
  const names = ['acme/app', ...Array.from({ length: 19 }, (_, index) => `acme/app-${index}`)];
  const clients = connectAll(registry.host, names);
  await Promise.all(clients.slice(0, 1).map((client) => readManifest(client, 'v1')));
  await until(async () => scopesOf(await registry.requests()).length === 2);
  await Promise.all(clients.slice(1).map((client) => readManifest(client, 'v1')));
  const requests = await registry.requests();
  expect(scopesOf(requests).map(({ length }) => length)).toEqual([10, 10]);
  expect(requests.filter(({ status }) => status === 401)).toHaveLength(1);
});

test('shares no token between logins', async () => {
  const other = { ...PASSWORD, from: 'another file' };
  const keychain: Keychain = ({ path }) => Promise.resolve(path === 'acme/web' ? other : PASSWORD);
  await readAll(connectAll(registry.host, NAMES, keychain));
  const asked = scopesOf(await registry.requests());
  expect([...asked].sort((one, two) => one.length - two.length)).toEqual([
    scopes(['acme/web']),
    scopes(['acme/app', 'acme/db']),
  ]);
});

describe.each<[string, (scope: readonly string[]) => Answer]>([
  [
    'rejected for several',
    (scope) => (scope.length > 1 ? { status: 403 } : { body: `{"token":"${scope[0] ?? ''}"}` }),
  ],
  ['granted only for the first', (scope) => ({ body: `{"token":"${scope[0] ?? ''}"}` })],
])('a shared token that is %s', (_, grant) => {
  const serving = (refusal: (asked: Asked) => Answer) =>
    serve((asked): Answer => {
      const { path, headers } = asked;
      if (path.startsWith('/token'))
        return grant(new URL(path, 'http://x').searchParams.getAll('scope'));
      const [, name = ''] = /^\/v2\/(acme\/[a-z]+)\//.exec(path) ?? [];
      if (headers.authorization === `Bearer repository:${name}:pull,push`) return { body: '{}' };
      return refusal(asked);
    });

  test.each([401, 403])(
    'is replaced by one for each repository, with missing scope as %i',
    async (status) => {
      const server = await serving(({ headers }) =>
        headers.authorization === undefined
          ? {
              status: 401,
              headers: { 'www-authenticate': `Bearer realm="${server.url.href}token"` },
            }
          : { status },
      );
      const clients = connectAll(server.url.host);
      expect(await readAll(clients)).toHaveLength(3);
      await readAll(clients);
      const tokens = scopesOf(server.asked).filter(({ length }) => length === 1);
      expect(tokens.length).toBeLessThanOrEqual(3);
    },
  );

  test("is not requested endlessly if the repository's own token is rejected, too", async () => {
    const server = await serving(() => ({
      status: 401,
      headers: { 'www-authenticate': `Bearer realm="${server.url.href}token"` },
    }));
    const [one, two] = connectAll(server.url.host, ['acme/app', 'acme/UNKNOWN']);
    await Promise.all([one && readManifest(one, 'v1'), two && problemOf(readManifest(two, 'v1'))]);
    expect(server.asked.length).toBeLessThanOrEqual(10);
  });
});
