// Responses to a 401 of the embedded registry, with Bearer and Basic.
import { beforeEach, describe, expect, test } from '@jest/globals';

import { readManifest } from '../../src/registry/content.ts';
import { startUpload } from '../../src/registry/upload.ts';
import type { Credentials } from '../../src/registry/login.ts';
import { type Answer, serve, serveInOrder } from '../../lab/services/loopback.ts';
import { defaultSettings } from '../../lab/services/registry/settings.ts';
import { ANONYMOUS, connect, PASSWORD, problemOf } from './connect.ts';
import { client, registry, seen } from './auth-fixture.ts';

describe('Bearer authentication', () => {
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
  ])(
    'fetches a token with %s, for this repository and this access',
    async (_, credentials, fetched) => {
      await startUpload(client({ credentials }));
      expect(await seen()).toEqual([
        'POST /v2/acme/app/blobs/uploads/ 401',
        fetched,
        'POST /v2/acme/app/blobs/uploads/ 202',
      ]);
    },
  );

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

  test('fetches a token without credentials for public images', async () => {
    await registry.set({ anonymousPull: true });
    expect(await readManifest(client({ access: 'pull' }), 'v1')).toBeDefined();
    expect((await registry.requests())[1]?.headers).not.toHaveProperty('authorization');
  });

  test('fetches one token for concurrent and for subsequent requests', async () => {
    const one = client({ access: 'pull', credentials: PASSWORD });
    await Promise.all([1, 2, 3, 4].map(() => readManifest(one, 'v1')));
    await readManifest(one, 'v1');
    expect((await seen()).filter((line) => line.includes('/token'))).toHaveLength(1);
  });

  test('fetches another token after the first has expired', async () => {
    await registry.set({ tokenSeconds: 3 });
    const one = client({ access: 'pull', credentials: PASSWORD });
    await readManifest(one, 'v1');
    await new Promise((resolve) => setTimeout(resolve, 3050));
    expect(await readManifest(one, 'v1')).toBeDefined();
    expect((await seen()).filter((line) => line.includes('/token'))).toHaveLength(2);
  });

  test('does not fetch tokens endlessly if they are rejected', async () => {
    await registry.set({ tokenSeconds: 0 });
    expect(await problemOf(readManifest(client({ credentials: PASSWORD }), 'v1'))).toMatchObject({
      kind: 'permission',
      code: 'PERMISSION_REGISTRY',
    });
    expect(await seen()).toHaveLength(3);
  });

  test('sends a token of the configuration unchanged, and only after a challenge', async () => {
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

describe('Basic authentication', () => {
  beforeEach(() => registry.set({ auth: 'basic' }));

  test('sends the password once', async () => {
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

  test('sends passwords in UTF-8 and with colons', async () => {
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
  ])('is not used with %s', async (_, credentials) => {
    expect(await problemOf(startUpload(client({ credentials })))).toMatchObject({
      code: 'PERMISSION_REGISTRY',
    });
    expect(await seen()).toHaveLength(1);
  });

  test.each<[string, (realm: string) => string | string[]]>([
    ['one header', (realm) => `Basic realm="x", Bearer realm="${realm}"`],
    ['two headers', (realm) => ['Basic realm="x"', `Bearer realm="${realm}"`]],
    ['two headers, Bearer first', (realm) => [`Bearer realm="${realm}"`, 'Basic realm="x"']],
  ])('is not used if the registry also offers Bearer, in %s', async (_, challenges) => {
    const server = await serve(({ path }): Answer =>
      path.startsWith('/token')
        ? { body: '{"token":"t"}' }
        : {
            status: 401,
            headers: { 'www-authenticate': challenges(`${server.url.href}token`) },
          },
    );
    await problemOf(
      readManifest(connect(server.url.host, 'acme/app', { credentials: PASSWORD }), 'v1'),
    );
    expect(server.asked.at(-1)?.headers.authorization).toBe('Bearer t');
  });
});
