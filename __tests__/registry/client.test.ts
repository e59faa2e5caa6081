// Errors of a registry become a message with request, status and code, and a matching remedy.
import { describe, expect, test } from '@jest/globals';

import { type Answer, serveInOrder } from '../../lab/services/loopback.ts';
import { startRegistry } from '../../lab/services/start.ts';
import type { Credentials } from '../../src/registry/login.ts';
import { ANONYMOUS, connect, connectAs, PASSWORD, problemOf } from './connect.ts';

const ask = {
  method: 'GET',
  path: 'manifests/v1',
  purpose: 'read the manifest v1 from',
  limit: 10_000,
} as const;
const denied = JSON.stringify({ errors: [{ code: 'DENIED', message: 'secret detail' }] });

describe('an error response', () => {
  test.each<[string, Answer, string, string]>([
    ['404', { status: 404 }, 'answered 404', 'check the name and the digest'],
    [
      '400 with a code',
      { status: 400, body: '{"errors":[{"code":"MANIFEST_INVALID"}]}' },
      'answered 400 MANIFEST_INVALID',
      'does not accept OCI 1.1 artifacts',
    ],
    ['413', { status: 413 }, 'answered 413', 'client_max_body_size'],
    ['415', { status: 415 }, 'answered 415', 'does not accept OCI 1.1 artifacts'],
    [
      'a web page',
      { status: 410, headers: { 'content-type': 'text/html' }, body: '<title>secret detail' },
      'answered 410 (an HTML page)',
      'is the registry and not a login page',
    ],
    [
      'an invalid code',
      { status: 418, body: '{"errors":[{"code":"secret detail"}]}' },
      'answered 418',
      'is the registry',
    ],
    [
      'a body in another form',
      { status: 418, body: '{"errors":{"code":"DENIED"}}' },
      'answered 418',
      'is the registry',
    ],
  ])('is reported: %s', async (_, answer, state, todo) => {
    const server = await serveInOrder(answer);
    const { kind, code, message, remedy } = await problemOf(
      connect(server.url.host, 'acme/app').send(ask, [200]),
    );
    expect({ kind, code, message }).toEqual({
      kind: 'service',
      code: 'SERVICE_REFUSED',
      message: `Cannot read the manifest v1 from "${server.url.host}/acme/app": GET /v2/acme/app/manifests/v1 ${state}`,
    });
    expect(remedy).toContain(todo);
    expect(message + remedy).not.toContain('secret');
  });

  test('is not an error if its status is expected', async () => {
    const server = await serveInOrder({ status: 404 });
    expect(await connect(server.url.host, 'acme/app').send(ask, [200, 404])).toMatchObject({
      status: 404,
    });
  });
});

describe('a missing permission', () => {
  const tokenOfTheJob: Credentials = {
    kind: 'password',
    username: 'github-token',
    password: 'ghs_secret',
    from: 'github-token',
  };

  test.each<[string, 'pull' | 'pull,push', Credentials, string]>([
    [
      'quay.io',
      'pull',
      ANONYMOUS,
      'log in to quay.io with docker/login-action before this step (no credentials)',
    ],
    [
      'quay.io',
      'pull,push',
      PASSWORD,
      'grant pull,push access to "acme/app" to the account that was used (credentials from registry-username and registry-password)',
    ],
    [
      'ghcr.io',
      'pull',
      tokenOfTheJob,
      'add "permissions: packages: read" to the job, and give this repository access in the package\'s settings under "Manage Actions access" (credentials from github-token)',
    ],
    [
      'ghcr.io',
      'pull,push',
      tokenOfTheJob,
      'add "permissions: packages: write" to the job, and give this repository access in the package\'s settings under "Manage Actions access" (credentials from github-token)',
    ],
    [
      'ghcr.io',
      'pull,push',
      ANONYMOUS,
      'log in to ghcr.io with docker/login-action before this step (no credentials)',
    ],
  ])('is reported at %s for %s', async (registry, access, credentials, remedy) => {
    const server = await serveInOrder({ status: 403, body: denied });
    const problem = await problemOf(
      connectAs(registry, server.url, { access, credentials }).send(ask, [200]),
    );
    expect(problem).toMatchObject({ kind: 'permission', code: 'PERMISSION_REGISTRY', remedy });
    expect(problem.message).toBe(
      `Cannot read the manifest v1 from "${registry}/acme/app": GET /v2/acme/app/manifests/v1 answered 403 DENIED`,
    );
  });
});

test('uses the explanation of the request for an error response', async () => {
  const server = await serveInOrder({ status: 409 });
  const sent = connect(server.url.host, 'acme/app').send(
    { ...ask, remedy: (status, usual) => `${status}: ${usual}` },
    [200],
  );
  expect((await problemOf(sent)).remedy).toMatch(/^409: check that 127/);
});

describe('a request that must not be repeated unchanged', () => {
  const put = { ...ask, method: 'PUT', body: Buffer.from('first') } as const;
  const challenge: Answer = { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } };
  const basic = `Basic ${Buffer.from('octocat:registry-password').toString('base64')}`;
  const anew = { headers: { 'x-try': '2' }, body: Buffer.from('second') };

  test.each<[string, readonly Answer[]]>([
    ['a fault', [challenge, { status: 503 }, { status: 201 }]],
    ['a challenge', [challenge, { status: 201 }]],
  ])('is updated after %s, and authorized', async (_, answers) => {
    const server = await serveInOrder(...answers);
    const client = connect(server.url.host, 'acme/app', {
      credentials: PASSWORD,
      retryTimeout: 10_000,
    });
    let asked = 0;
    const again = (): Promise<typeof anew> => {
      asked++;
      return Promise.resolve(anew);
    };
    expect(await client.send({ ...put, again }, [201])).toMatchObject({ status: 201 });
    expect(asked).toBe(answers.length - 1);
    expect(server.asked.map(({ body }) => body)).toEqual([
      'first',
      ...server.asked.slice(1).map(() => 'second'),
    ]);
    const { headers } = server.asked.at(-1) ?? {};
    expect([headers?.['x-try'], headers?.authorization]).toEqual(['2', basic]);
  });

  test.each<[string, Answer]>([
    ['a fault', { status: 503 }],
    ['a challenge', challenge],
  ])('is not sent again after %s if it is no longer needed', async (_, answer) => {
    const server = await serveInOrder(answer);
    const client = connect(server.url.host, 'acme/app', {
      credentials: PASSWORD,
      retryTimeout: 10_000,
    });
    const done = { status: 201, headers: new Headers(), body: Buffer.alloc(0), url: server.url };
    const again = (): Promise<typeof done> => Promise.resolve(done);
    expect(await client.send({ ...put, again }, [201])).toBe(done);
    expect(server.asked).toHaveLength(1);
  });

  test('has the current token, not that of the first attempt', async () => {
    const registry = await startRegistry({ auth: 'bearer', tokenSeconds: 3, anonymousPull: false });
    try {
      const client = connect(registry.host, 'acme/app', {
        credentials: PASSWORD,
        retryTimeout: 10_000,
      });
      const path = '/manifests/v1$';
      const headers = { 'Retry-After': '4' };
      await client.send({ ...ask, path: 'blobs/uploads/', method: 'POST' }, [202]);
      await registry.fault({ method: 'PUT', path, times: 1, action: { status: 503, headers } });
      const again = async (): Promise<object> => {
        await client.send(ask, [404]);
        return {};
      };
      await client.send({ ...put, again }, [400]);
      const sent = (await registry.requests()).filter(({ method }) => method === 'PUT');
      expect(sent.map(({ status }) => status)).toEqual([503, 400]);
    } finally {
      await registry.stop();
    }
  });
});

test.each([
  ['docker.io', 'https://registry-1.docker.io/'],
  ['ghcr.io', 'https://ghcr.io/'],
  ['registry.example:5000', 'https://registry.example:5000/'],
  ['10.0.0.1:5000', 'https://10.0.0.1:5000/'],
  ['localhost:5000', 'http://localhost:5000/'],
  ['127.0.0.1', 'http://127.0.0.1/'],
  ['[::1]:5000', 'http://[::1]:5000/'],
  ['app.localhost', 'http://app.localhost/'],
  ['localhost.example:80', 'https://localhost.example:80/'],
  ['127.0.0.1.example', 'https://127.0.0.1.example/'],
  ['notlocalhost:5000', 'https://notlocalhost:5000/'],
])('for %s connects to %s: plain http is only for this machine', (registry, origin) => {
  expect(connect(registry, 'acme/app').origin.href).toBe(origin);
});
