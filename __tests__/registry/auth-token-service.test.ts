// Faulty token services, and addresses that get no credentials.
import { describe, expect, test } from '@jest/globals';

import { answerChallenge } from '../../src/registry/auth.ts';
import { readManifest } from '../../src/registry/content.ts';
import { type Answer, serve, serveInOrder } from '../../lab/services/loopback.ts';
import { connect, PASSWORD, problemOf, transportWith } from './connect.ts';

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
    ['rejects the password', { status: 401, body: '{"details":"secret"}' }, '401'],
    ['forbids', { status: 403, body: 'secret' }, '403'],
    [
      'returns a web page',
      { headers: { 'content-type': 'text/html' }, body: '<html>secret' },
      '200',
    ],
    ['returns no token', { body: '{}' }, '200'],
    ['returns an invalid token', { body: '{"token":{"a":"secret"}}' }, '200'],
    ['returns a token with an error status', { status: 400, body: '{"token":"secret"}' }, '400'],
  ])('that %s is reported', async (_, answer, status) => {
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

  test('can return an access token', async () => {
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

  test('that redirects does not get the password at the new address', async () => {
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

describe('credentials', () => {
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
  ])('are not sent to %s', async (realm) =>
    expect(await problemOf(answer(realm))).toMatchObject(refused),
  );

  test.each(['nonsense', '//auth.example', 'https://['])(
    'are not sent to an invalid address: %s',
    async (realm) => {
      expect(await problemOf(answer(realm))).toMatchObject({
        ...refused,
        message: `Cannot log in to "registry.example": credentials are not sent to its token service "${realm}": that is not a URL`,
      });
    },
  );

  test('are not sent to a token service of the storage that a registry redirects to', async () => {
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

  test('are not sent to the storage that a registry redirects to, even if it requires them', async () => {
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
