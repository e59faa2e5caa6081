// The challenge of one repository, used for the next of the same registry before it is refused.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { pushImage } from '../../lab/services/image.ts';
import { type Answer, type Asked, type Loopback, serve } from '../../lab/services/loopback.ts';
import { defaultSettings } from '../../lab/services/registry/settings.ts';
import { startRegistry } from '../../lab/services/start.ts';
import { challengeForAny, parseChallenges } from '../../src/registry/auth.ts';
import { RegistryClient } from '../../src/registry/client.ts';
import { readManifest } from '../../src/registry/content.ts';
import { SharedTokens } from '../../src/registry/shared-tokens.ts';
import { PASSWORD, problemOf, transportWith } from './connect.ts';

const registry = await startRegistry({ auth: 'bearer' });
const login = { username: defaultSettings.username, password: defaultSettings.password };
for (const name of ['acme/app', 'acme/db', 'acme/web'])
  await pushImage({ ...registry, ...login }, name, { tag: 'v1' });

beforeEach(async () => {
  await registry.set({ ...defaultSettings, auth: 'bearer' });
  await registry.clear();
});
afterAll(() => registry.stop());

/** Clients of one step, each made when it is needed. */
function step(): (host: string, path: string) => RegistryClient {
  const services = { transport: transportWith(0), keychain: () => Promise.resolve(PASSWORD) };
  const tokens = new SharedTokens(services);
  return (host, path) =>
    new RegistryClient({ registry: host, path }, 'pull', { ...services, tokens });
}

const seen = async (): Promise<readonly string[]> =>
  (await registry.requests()).map(
    ({ method, path, status }) => `${method} ${decodeURIComponent(path)} ${String(status)}`,
  );

const fetched = (name: string): string =>
  `GET /token?service=embedded-registry&scope=repository:${name}:pull 200`;

test('requests a token for the next repository, for its scope alone, without a refusal before', async () => {
  const open = step();
  await readManifest(open(registry.host, 'acme/app'), 'v1');
  const next = open(registry.host, 'acme/db');
  await Promise.all([1, 2, 3].map(() => readManifest(next, 'v1')));
  expect(await seen()).toEqual([
    'GET /v2/acme/app/manifests/v1 401',
    fetched('acme/app'),
    'GET /v2/acme/app/manifests/v1 200',
    fetched('acme/db'),
    ...[1, 2, 3].map(() => 'GET /v2/acme/db/manifests/v1 200'),
  ]);
});

test('requests one token for those that are waiting', async () => {
  const open = step();
  const first = open(registry.host, 'acme/app');
  const others = ['acme/db', 'acme/web'].map((name) => open(registry.host, name));
  await readManifest(first, 'v1');
  await registry.clear();
  await Promise.all(others.map((each) => readManifest(each, 'v1')));
  expect([...(await seen())].sort()).toEqual([
    'GET /v2/acme/db/manifests/v1 200',
    'GET /v2/acme/web/manifests/v1 200',
  ]);
});

test('sends a password to the next repository at once', async () => {
  await registry.set({ auth: 'basic' });
  const open = step();
  await readManifest(open(registry.host, 'acme/app'), 'v1');
  await registry.clear();
  await readManifest(open(registry.host, 'acme/db'), 'v1');
  expect(await seen()).toEqual(['GET /v2/acme/db/manifests/v1 200']);
});

test('sends nothing of one registry to another', async () => {
  const open = step();
  await readManifest(open(registry.host, 'acme/app'), 'v1');
  await registry.clear();
  const other = await serve(() => ({ body: '{"schemaVersion":2}' }));
  await readManifest(open(other.url.host, 'acme/db'), 'v1');
  expect(other.asked.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  expect(await seen()).toEqual([]);
});

test('does not keep a challenge whose token is refused', async () => {
  const server = await serve(({ path }): Answer =>
    path.startsWith('/token')
      ? { body: '{"token":"t"}' }
      : {
          status: 401,
          headers: { 'www-authenticate': `Bearer realm="${server.url.href}token"` },
        },
  );
  const open = step();
  await problemOf(readManifest(open(server.url.host, 'acme/app'), 'v1'));
  const first = server.asked.length;
  await problemOf(readManifest(open(server.url.host, 'acme/db'), 'v1'));
  expect(server.asked[first]?.path).toBe('/v2/acme/db/manifests/v1');
});

describe('a challenge that does not suit the next repository', () => {
  /** Each repository has a token service of its own; `refusal` is for the tokens of others. */
  const serveRealms = async (
    refusal: number,
    token: (asked: Asked) => Answer = ({ path }) => tokenOf(path),
  ): Promise<Loopback> => {
    const server = await serve((asked): Answer => {
      const { path, headers } = asked;
      if (path.startsWith('/token/')) return token(asked);
      const name = path.split('/')[3] ?? '';
      if (headers.authorization === `Bearer /token/${name}`) return { body: '{"schemaVersion":2}' };
      const challenge = {
        'www-authenticate': `Bearer realm="${server.url.href}token/${name}"`,
      };
      return headers.authorization === undefined
        ? { status: 401, headers: challenge }
        : { status: refusal, ...(refusal === 401 ? { headers: challenge } : {}) };
    });
    return server;
  };
  const tokenOf = (path: string): Answer => ({
    body: JSON.stringify({ token: new URL(path, 'http://x').pathname }),
  });

  test.each([401, 403])('is replaced by its own after a %i', async (refusal) => {
    const server = await serveRealms(refusal);
    const open = step();
    for (const name of ['app', 'db', 'web'])
      await readManifest(open(server.url.host, `acme/${name}`), 'v1');
    const paths = server.asked.map(({ path }) => new URL(path, 'http://x').pathname);
    const asked = (name: string): readonly string[] => [
      `/v2/acme/${name}/manifests/v1`,
      `/token/${name}`,
      `/v2/acme/${name}/manifests/v1`,
    ];
    expect(paths).toEqual([
      ...asked('app'),
      '/token/app',
      '/v2/acme/db/manifests/v1',
      ...asked('db').slice(refusal === 401 ? 1 : 0),
      // The third repository does not try what did not suit the second.
      ...asked('web'),
    ]);
  });

  test('is replaced by its own after its token service fails', async () => {
    const server = await serveRealms(401, ({ path }) =>
      path.includes('acme%2Fdb') && path.startsWith('/token/app') ? { status: 403 } : tokenOf(path),
    );
    const open = step();
    await readManifest(open(server.url.host, 'acme/app'), 'v1');
    expect(await readManifest(open(server.url.host, 'acme/db'), 'v1')).toBeDefined();
  });

  test('does not prevent reading a repository that needs no token', async () => {
    const server = await serve(({ path, headers }): Answer => {
      if (path.startsWith('/token'))
        return path.includes('acme%2Fapp') ? { body: '{"token":"t"}' } : { status: 403 };
      if (path.includes('/open/') || headers.authorization === 'Bearer t')
        return { body: '{"schemaVersion":2}' };
      return {
        status: 401,
        headers: { 'www-authenticate': `Bearer realm="${server.url.href}token"` },
      };
    });
    const open = step();
    await readManifest(open(server.url.host, 'acme/app'), 'v1');
    expect(await readManifest(open(server.url.host, 'acme/open'), 'v1')).toBeDefined();
  });
});

test('a challenge is kept without what is about one request', () => {
  const header =
    'Bearer realm="https://a/\\"t\\"?x=1,2",service=s,scope="repository:a:pull",error="insufficient_scope", Basic realm="b"';
  expect(parseChallenges(challengeForAny(header))).toEqual([
    { scheme: 'bearer', parameters: { realm: 'https://a/"t"?x=1,2', service: 's' } },
    { scheme: 'basic', parameters: { realm: 'b' } },
  ]);
});
