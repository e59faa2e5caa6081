// Challenges after the first: other scopes, other endpoints, and their effect on the rest of the step.
import { describe, expect, test } from '@jest/globals';

import { readManifest } from '../../src/registry/content.ts';
import { type Answer, serve } from '../../lab/services/loopback.ts';
import { connect, connectAs, PASSWORD, problemOf } from './connect.ts';

describe('a scope that the registry requires', () => {
  const scopesAfter = async (challenge: string): Promise<readonly string[]> => {
    const server = await serve(({ path }): Answer =>
      path.startsWith('/token')
        ? { body: '{"token":"t"}' }
        : {
            status: 401,
            headers: {
              'www-authenticate': `Bearer realm="${server.url.href}token?scope=x",${challenge}`,
            },
          },
    );
    await problemOf(readManifest(connect(server.url.host, 'acme/app', { access: 'pull' }), 'v1'));
    return new URL(server.asked[1]?.path ?? '', server.url).searchParams.getAll('scope');
  };

  test.each([
    ['of the same repository is limited to the needed access', 'repository:acme/app:push', []],
    [
      'with another name of the repository is requested, too',
      'repository:mirror/acme/app:pull',
      ['repository:mirror/acme/app:pull'],
    ],
    ['that is too long is ignored', `registry:${'a'.repeat(1100)}:*`, []],
  ])('is handled: one %s', async (_, scope, others) =>
    expect(await scopesAfter(`scope="${scope}"`)).toEqual(['repository:acme/app:pull', ...others]),
  );

  test('is requested if a token was not sufficient', async () => {
    expect(
      await scopesAfter('error="insufficient_scope",scope="repository:acme/app:pull,metadata"'),
    ).toEqual(['repository:acme/app:pull', 'repository:acme/app:pull,metadata']);
  });
});

describe('a challenge of one endpoint', () => {
  const TOKEN = { headers: { authorization: 'Bearer t' } };
  const challenge = (value: string): Answer => ({
    status: 401,
    headers: { 'www-authenticate': value },
  });

  test.each([
    ['that no credentials answer', 'Negotiate'],
    ['whose token service rejects', 'Bearer realm="https://10.0.0.1/token"'],
  ])('%s does not discard the token for the others', async (_, refusal) => {
    const server = await serve(({ path, headers }): Answer => {
      if (path.startsWith('/token')) return { body: '{"token":"t"}' };
      if (path.includes('/referrers/')) return challenge(refusal);
      if (headers.authorization === 'Bearer t') return { body: '{}' };
      return challenge(`Bearer realm="${server.url.href}token"`);
    });
    const one = connect(server.url.host, 'acme/app', { credentials: PASSWORD });
    const read = { method: 'GET', purpose: 'read', limit: 1000 } as const;
    await one.send({ ...read, path: 'manifests/v1' }, [200]);
    await problemOf(one.send({ ...read, path: 'referrers/x' }, [200]));
    await one.send({ ...read, path: 'manifests/v2' }, [200]);
    expect(server.asked.at(-1)).toMatchObject({ path: '/v2/acme/app/manifests/v2', ...TOKEN });
    expect(server.asked.filter(({ path }) => path.startsWith('/token'))).toHaveLength(1);
  });

  test('that rejects the token of the job does not make the others anonymous', async () => {
    const server = await serve(({ path, headers }): Answer => {
      if (path.startsWith('/token'))
        return { body: JSON.stringify({ token: headers.authorization ? 'own' : 'anonymous' }) };
      if (path.includes('/referrers/')) return { status: 403 };
      if (headers.authorization === 'Bearer own') return { body: '{}' };
      return headers.authorization === undefined
        ? challenge(`Bearer realm="${server.url.href}token"`)
        : { status: 404 };
    });
    const one = connect(server.url.host, 'acme/app', {
      access: 'pull',
      credentials: { ...PASSWORD, chosen: 'by default' },
    });
    const read = { method: 'GET', purpose: 'read', limit: 1000 } as const;
    await one.send({ ...read, path: 'manifests/v1' }, [200]);
    await problemOf(one.send({ ...read, path: 'referrers/x' }, [200]));
    expect(await one.send({ ...read, path: 'manifests/v2' }, [200])).toMatchObject({ status: 200 });
  });
});

test.each([
  ['pull', 'read', ['octocat', 'nobody']],
  ['pull,push', 'write', ['octocat']],
] as const)(
  'reports both permissions for a private package that its token service rejects: %s',
  async (access, permission, asked) => {
    const server = await serve(({ path }): Answer =>
      path.startsWith('/token')
        ? { status: 403, body: '{"errors":[{"code":"DENIED"}]}' }
        : { status: 401, headers: { 'www-authenticate': 'Bearer realm="https://ghcr.io/token"' } },
    );
    const credentials = { ...PASSWORD, chosen: 'by default' } as const;
    const { message, remedy } = await problemOf(
      readManifest(connectAs('ghcr.io', server.url, { access, credentials }), 'v1'),
    );
    expect(message).toMatch(
      /^Cannot log in to "ghcr\.io": its token service ghcr\.io answered 403 \(/,
    );
    expect(remedy).toContain(`"permissions: packages: ${permission}"`);
    expect(remedy).toContain('"Manage Actions access"');
    // Nobody may push anonymously.
    const logins = server.asked.filter(({ path }) => path.startsWith('/token'));
    expect(
      logins.map(({ headers: { authorization } }) => (authorization ? 'octocat' : 'nobody')),
    ).toEqual(asked);
  },
);
