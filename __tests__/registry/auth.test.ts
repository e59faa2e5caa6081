// Responses to a registry's 401, with the embedded registry and with faulty token services.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { answerChallenge, parseChallenges } from '../../src/registry/auth.ts';
import type { RegistryClient } from '../../src/registry/client.ts';
import { readManifest, startUpload } from '../../src/registry/content.ts';
import type { Credentials } from '../../src/registry/credentials.ts';
import { type Answer, serve, serveInOrder } from '../../lab/services/loopback.ts';
import { pushImage } from '../../lab/services/image.ts';
import { defaultSettings } from '../../lab/services/registry/settings.ts';
import { startRegistry } from '../../lab/services/start.ts';
import {
  ANONYMOUS,
  connect,
  type Connection,
  PASSWORD,
  problemOf,
  transportWith,
} from './connect.ts';

const registry = await startRegistry({ auth: 'bearer' });
const login = { username: defaultSettings.username, password: defaultSettings.password };
await pushImage({ ...registry, ...login }, 'acme/app', { tag: 'v1' });

beforeEach(async () => {
  await registry.set({ ...defaultSettings, auth: 'bearer' });
  await registry.clear();
});
afterAll(() => registry.stop());

const client = (connection: Connection): RegistryClient =>
  connect(registry.host, 'acme/app', connection);
const seen = async (): Promise<readonly string[]> =>
  (await registry.requests()).map(
    ({ method, path, status }) => `${method} ${decodeURIComponent(path)} ${String(status)}`,
  );

describe('challenges', () => {
  test.each<[string, object[]]>([
    ['', []],
    ['Basic', [{ scheme: 'basic', parameters: {} }]],
    ['Basic realm="Registry"', [{ scheme: 'basic', parameters: { realm: 'Registry' } }]],
    [
      'BEARER Realm="https://a/token",SERVICE=registry , scope="repository:a:pull,push"',
      [
        {
          scheme: 'bearer',
          parameters: {
            realm: 'https://a/token',
            service: 'registry',
            scope: 'repository:a:pull,push',
          },
        },
      ],
    ],
    [
      'Bearer realm="https://a", Basic realm="b, Basic realm=c"',
      [
        { scheme: 'bearer', parameters: { realm: 'https://a' } },
        { scheme: 'basic', parameters: { realm: 'b, Basic realm=c' } },
      ],
    ],
    [
      'Negotiate abc, Basic realm="b"',
      [
        { scheme: 'negotiate', parameters: {} },
        { scheme: 'basic', parameters: { realm: 'b' } },
      ],
    ],
    [
      'Bearer realm="a \\"quoted\\" \\\\ one"',
      [{ scheme: 'bearer', parameters: { realm: 'a "quoted" \\ one' } }],
    ],
    ['Bearer realm = "https://a"', [{ scheme: 'bearer', parameters: { realm: 'https://a' } }]],
    ['Bearer realm=https://a', [{ scheme: 'bearer', parameters: { realm: 'https://a' } }]],
  ])('%s', (header, challenges) => expect(parseChallenges(header)).toMatchObject(challenges));

  test('nothing hangs on a long header', () => {
    const started = process.cpuUsage().user;
    for (const part of ['a', 'a=', 'a="', '\\"', 'a ', 'a,'])
      parseChallenges(`Bearer ${part.repeat(8000)}`);
    expect((process.cpuUsage().user - started) / 1000).toBeLessThan(5000);
  });
});

describe('Bearer', () => {
  test.each<[string, Credentials, string]>([
    [
      'a password',
      PASSWORD,
      'GET /token?service=embedded-registry&scope=repository:acme/app:pull,push 200',
    ],
    [
      'an identity token',
      { kind: 'identity-token', token: defaultSettings.identityToken, from: 'x' },
      'POST /token 200',
    ],
  ])('is fetched with %s, for this repository and this access', async (_, credentials, fetched) => {
    await startUpload(client({ credentials }));
    expect(await seen()).toEqual([
      'POST /v2/acme/app/blobs/uploads/ 401',
      fetched,
      'POST /v2/acme/app/blobs/uploads/ 202',
    ]);
  });

  test('sends an identity token in the body, never in an address', async () => {
    await startUpload(
      client({
        credentials: { kind: 'identity-token', token: defaultSettings.identityToken, from: 'x' },
      }),
    );
    const [, asked] = await registry.requests();
    expect(Object.fromEntries(new URLSearchParams(asked?.body.toString()))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: defaultSettings.identityToken,
      client_id: 'countersign',
      service: 'embedded-registry',
      scope: 'repository:acme/app:pull,push',
    });
    expect(asked?.headers).not.toHaveProperty('authorization');
  });

  test('is fetched without credentials where anybody may pull', async () => {
    await registry.set({ anonymousPull: true });
    expect(await readManifest(client({ access: 'pull' }), 'v1')).toBeDefined();
    expect((await registry.requests())[1]?.headers).not.toHaveProperty('authorization');
  });

  test('is fetched once for requests side by side, and once for requests that follow', async () => {
    const one = client({ access: 'pull', credentials: PASSWORD });
    await Promise.all([1, 2, 3, 4].map(() => readManifest(one, 'v1')));
    await readManifest(one, 'v1');
    expect((await seen()).filter((line) => line.includes('/token'))).toHaveLength(1);
  });

  test('is fetched again when it has expired', async () => {
    await registry.set({ tokenSeconds: 3 });
    const one = client({ access: 'pull', credentials: PASSWORD });
    await readManifest(one, 'v1');
    await new Promise((resolve) => setTimeout(resolve, 3050));
    expect(await readManifest(one, 'v1')).toBeDefined();
    expect((await seen()).filter((line) => line.includes('/token'))).toHaveLength(2);
  });

  test('is not fetched again and again when it is not accepted', async () => {
    await registry.set({ tokenSeconds: 0 });
    expect(await problemOf(readManifest(client({ credentials: PASSWORD }), 'v1'))).toMatchObject({
      kind: 'permission',
      code: 'PERMISSION_REGISTRY',
    });
    expect(await seen()).toHaveLength(3);
  });

  test('of the configuration is sent unchanged, and only after a challenge', async () => {
    const server = await serveInOrder(
      { status: 401, headers: { 'www-authenticate': 'Bearer realm="https://auth.example/token"' } },
      { body: '{"schemaVersion":2}' },
    );
    await readManifest(
      connect(server.url.host, 'acme/app', {
        credentials: { kind: 'bearer', token: 'registry-token', from: 'x' },
      }),
      'v1',
    );
    expect(server.asked.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      'Bearer registry-token',
    ]);
  });
});

describe('Basic', () => {
  beforeEach(() => registry.set({ auth: 'basic' }));

  test('is answered with a password, once', async () => {
    const one = client({ credentials: PASSWORD });
    await startUpload(one);
    await startUpload(one);
    expect(
      (await registry.requests()).map(({ headers, status }) => [
        headers['authorization'] !== undefined,
        status,
      ]),
    ).toEqual([
      [false, 401],
      [true, 202],
      [true, 202],
    ]);
  });

  test('has passwords in UTF-8, with colons in them', async () => {
    await registry.set({ password: 'pässwort:mit:"doppelpunkt"' });
    expect(
      (
        await startUpload(
          client({
            credentials: {
              kind: 'password',
              username: 'octocat',
              password: 'pässwort:mit:"doppelpunkt"',
              from: 'x',
            },
          }),
        )
      ).host,
    ).toBe(registry.host);
  });

  test.each<[string, Credentials]>([
    ['nobody', ANONYMOUS],
    [
      'an identity token',
      { kind: 'identity-token', token: defaultSettings.identityToken, from: 'x' },
    ],
  ])('is not answered by %s', async (_, credentials) => {
    expect(await problemOf(startUpload(client({ credentials })))).toMatchObject({
      code: 'PERMISSION_REGISTRY',
    });
    expect(await seen()).toHaveLength(1);
  });

  test('next to Bearer is not used', async () => {
    const server = await serve(({ path }): Answer =>
      path.startsWith('/token')
        ? { body: '{"token":"t"}' }
        : {
            status: 401,
            headers: {
              'www-authenticate': `Basic realm="x", Bearer realm="${server.url.href}token"`,
            },
          },
    );
    await problemOf(
      readManifest(connect(server.url.host, 'acme/app', { credentials: PASSWORD }), 'v1'),
    );
    expect(server.asked.at(-1)?.headers.authorization).toBe('Bearer t');
  });
});

describe('a token service', () => {
  const secrets = new RegExp(
    `secret|octocat|${Buffer.from('octocat:registry-password').toString('base64')}`,
  );

  const answering = async (answer: Answer): Promise<object> => {
    const server = await serve(({ path }) =>
      path.startsWith('/token')
        ? answer
        : {
            status: 401,
            headers: { 'www-authenticate': `Bearer realm="${server.url.href}token?a=b"` },
          },
    );
    const refused = await problemOf(
      readManifest(connect(server.url.host, 'acme/app', { credentials: PASSWORD }), 'v1'),
    );
    expect(server.asked[1]?.path).toBe('/token?a=b&scope=repository%3Aacme%2Fapp%3Apull%2Cpush');
    const { kind, code, message, remedy } = refused;
    expect(message + remedy).not.toMatch(secrets);
    return {
      kind,
      code,
      message: message.replaceAll(server.url.host, 'HOST'),
      remedy: remedy.replaceAll(server.url.host, 'HOST'),
    };
  };

  test.each<[string, Answer, string]>([
    ['refuses the password', { status: 401, body: '{"details":"secret"}' }, '401'],
    ['forbids', { status: 403, body: 'secret' }, '403'],
    [
      'answers a web page',
      { headers: { 'content-type': 'text/html' }, body: '<html>secret' },
      '200',
    ],
    ['gives no token', { body: '{}' }, '200'],
    ['gives a token that is none', { body: '{"token":{"a":"secret"}}' }, '200'],
    ['gives a token with a refusal', { status: 400, body: '{"token":"secret"}' }, '400'],
  ])('that %s', async (_, answer, status) => {
    expect(await answering(answer)).toMatchObject({
      kind: 'permission',
      code: 'PERMISSION_REGISTRY',
      message: `Cannot log in to "HOST": its token service HOST answered ${status} (credentials from registry-username and registry-password)`,
      remedy:
        status === '403'
          ? 'grant pull,push access to "acme/app" to the account that was used (credentials from registry-username and registry-password)'
          : 'log in to HOST with docker/login-action before this step, or set "registry-username" and "registry-password"',
    });
  });

  test('may call the token an access token', async () => {
    const server = await serve(({ path, headers }): Answer => {
      if (path.startsWith('/token')) return { body: '{"access_token":"abc"}' };
      return headers.authorization === 'Bearer abc'
        ? { body: '{}' }
        : {
            status: 401,
            headers: { 'www-authenticate': `Bearer realm="${server.url.href}token"` },
          };
    });
    expect(await readManifest(connect(server.url.host, 'acme/app'), 'v1')).toBeDefined();
  });

  test('that sends us on does not take the password along', async () => {
    const elsewhere = await serveInOrder({ body: '{"token":"t"}' });
    const server = await serve(({ path }): Answer =>
      path.startsWith('/token')
        ? { status: 307, headers: { location: elsewhere.url.href } }
        : {
            status: 401,
            headers: { 'www-authenticate': `Bearer realm="${server.url.href}token"` },
          },
    );
    await problemOf(
      readManifest(connect(server.url.host, 'acme/app', { credentials: PASSWORD }), 'v1'),
    );
    expect(elsewhere.asked.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });
});

describe('credentials do not go to', () => {
  const refused = {
    kind: 'permission',
    code: 'PERMISSION_REGISTRY',
    message: expect.stringContaining('credentials are not sent to its token service'),
  };
  const answer = (realm: string): Promise<string | undefined> =>
    answerChallenge(`Bearer realm="${realm}"`, {
      repository: { registry: 'registry.example', path: 'acme/app' },
      access: 'pull',
      credentials: PASSWORD,
      transport: transportWith(0),
    });

  test.each([
    'http://auth.example/token',
    'ftp://auth.example',
    'https://localhost/token',
    'https://localhost./token',
    'https://a.localhost',
    'https://127.0.0.1:8443',
    'https://127.1',
    'https://0x7f000001',
    'https://10.1.2.3',
    'https://172.16.0.1',
    'https://172.31.255.255',
    'https://192.168.0.1',
    'https://169.254.169.254/latest',
    'https://0.0.0.0',
    'https://[::1]',
    'https://[::]',
    'https://[::ffff:10.0.0.1]',
    'https://[fd00::1]',
    'https://[fc00::1]',
    'https://[fe80::1]',
  ])('%s', async (realm) => expect(await problemOf(answer(realm))).toMatchObject(refused));

  test.each(['nonsense', '//auth.example', 'https://['])('no address at all: %s', async (realm) => {
    expect(await problemOf(answer(realm))).toMatchObject({
      ...refused,
      message: `Cannot log in to "registry.example": credentials are not sent to its token service "${realm}": that is not a URL`,
    });
  });

  test('a token service of the storage that a registry sends us to', async () => {
    const service = await serveInOrder({ body: '{"token":"t"}' });
    const storage = await serveInOrder({
      status: 401,
      headers: { 'www-authenticate': `Bearer realm="${service.url.href}token"` },
    });
    const server = await serveInOrder({ status: 307, headers: { location: storage.url.href } });
    expect(
      await problemOf(
        readManifest(connect(server.url.host, 'acme/app', { credentials: PASSWORD }), 'v1'),
      ),
    ).toMatchObject({ code: 'PERMISSION_REGISTRY' });
    expect(service.asked).toEqual([]);
  });

  test('the storage that a registry sends us to, even when it asks', async () => {
    const storage = await serveInOrder({
      status: 401,
      headers: { 'www-authenticate': 'Basic realm="storage"' },
    });
    const server = await serveInOrder(
      { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } },
      { status: 307, headers: { location: storage.url.href } },
    );
    await problemOf(
      readManifest(connect(server.url.host, 'acme/app', { credentials: PASSWORD }), 'v1'),
    );
    expect(storage.asked.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });
});
