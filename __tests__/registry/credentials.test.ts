// Credentials for a registry, from the inputs and the Docker configuration.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, test } from '@jest/globals';

import {
  createKeychain,
  type Credentials,
  type KeychainOptions,
} from '../../src/registry/credentials.ts';
import { problemOf } from './connect.ts';

const directory = await mkdtemp(path.join(tmpdir(), 'docker-'));
let count = 0;

async function configured(config: unknown): Promise<string> {
  const file = path.join(directory, `${String((count += 1))}.json`);
  await writeFile(file, typeof config === 'string' ? config : JSON.stringify(config));
  return file;
}

async function credentialsFor(
  registry: string,
  config: unknown,
  options: Partial<KeychainOptions> = {},
): Promise<Credentials> {
  return createKeychain({ dockerConfig: await configured(config), ...options })(registry);
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const auths = (key: string, entry: object = { auth: base64('octocat:secret') }): object => ({
  auths: { [key]: entry },
});
const octocat = { kind: 'password', username: 'octocat', password: 'secret' };

describe('an entry of auths', () => {
  test.each<[string, object, object]>([
    ['auth', { auth: base64('octocat:secret') }, octocat],
    [
      'auth with a colon in the password',
      { auth: base64('octocat:se:cr:et') },
      { password: 'se:cr:et' },
    ],
    [
      'auth in UTF-8',
      { auth: base64('øctocat:sëcret') },
      { username: 'øctocat', password: 'sëcret' },
    ],
    ['username and password', { username: 'octocat', password: 'secret' }, octocat],
    [
      'username and password beside auth',
      { auth: base64('other:else'), username: 'octocat', password: 'secret' },
      octocat,
    ],
    [
      'an identity token',
      { auth: base64('00000000-0000:'), identitytoken: 'refresh' },
      { kind: 'identity-token', token: 'refresh' },
    ],
    [
      'a registry token',
      { registrytoken: 'bearer', auth: base64('octocat:secret') },
      { kind: 'bearer', token: 'bearer' },
    ],
  ])('with %s', async (_, entry, expected) =>
    expect(await credentialsFor('ghcr.io', auths('ghcr.io', entry))).toMatchObject(expected),
  );

  test.each<[string, unknown]>([
    ['empty', {}],
    ['no object', 'octocat:secret'],
    ['without a password', { auth: base64('octocat:') }],
    ['without a colon', { auth: base64('octocat') }],
    ['without a user', { auth: base64(':secret') }],
    ['of other types', { auth: 7, username: ['octocat'], password: null }],
  ])('that is %s is none', async (_, entry) =>
    expect(await credentialsFor('ghcr.io', { auths: { 'ghcr.io': entry } })).toMatchObject({
      kind: 'anonymous',
    }),
  );

  test.each([
    ['ghcr.io', 'ghcr.io'],
    ['ghcr.io', 'https://ghcr.io'],
    ['ghcr.io', 'https://ghcr.io/'],
    ['localhost:5000', 'http://localhost:5000/v2/'],
    ['docker.io', 'https://index.docker.io/v1/'],
    ['docker.io', 'index.docker.io'],
    ['docker.io', 'docker.io'],
    ['docker.io', 'registry-1.docker.io'],
  ])('for %s may be called %s', async (registry, key) =>
    expect(await credentialsFor(registry, auths(key))).toMatchObject(octocat),
  );

  test.each([
    ['ghcr.io', 'ghcr.io.evil.example'],
    ['ghcr.io', 'evil-ghcr.io'],
    ['ghcr.io', 'io'],
    ['ghcr.io:443', 'ghcr.io'],
    ['localhost:5000', 'localhost:5001'],
    ['ghcr.io', 'docker.io'],
    ['quay.io', 'index.docker.io'],
    ['ghcr.io', 'https://ghcr.io/v3/'],
  ])('for %s is not that of %s', async (registry, key) =>
    expect(await credentialsFor(registry, auths(key))).toMatchObject({ kind: 'anonymous' }),
  );
});

describe('the first that says something wins', () => {
  test('the inputs of the step, which do not even need the file', async () => {
    const explicit = { username: 'octocat', password: 'secret' };
    expect(
      await credentialsFor('ghcr.io', auths('ghcr.io', { auth: base64('a:b') }), {
        explicit,
        githubToken: 'ghs',
      }),
    ).toEqual({ ...octocat, from: 'registry-username and registry-password' });
    expect(await credentialsFor('ghcr.io', 'no JSON', { explicit })).toMatchObject(octocat);
  });

  test('the configuration, reported with its path', async () => {
    const dockerConfig = await configured(auths('ghcr.io'));
    expect(await createKeychain({ dockerConfig, githubToken: 'ghs' })('ghcr.io')).toEqual({
      ...octocat,
      from: dockerConfig,
    });
  });

  test('the token of the job, at ghcr.io and nowhere else', async () => {
    expect(await credentialsFor('ghcr.io', {}, { githubToken: 'ghs' })).toEqual({
      kind: 'password',
      username: 'github-token',
      password: 'ghs',
      from: 'github-token',
      chosen: 'by default',
    });
    for (const registry of [
      'docker.io',
      'ghcr.io:443',
      'evil-ghcr.io',
      'ghcr.io.evil.example',
      'containers.ghcr.io',
    ]) {
      expect(await credentialsFor(registry, {}, { githubToken: 'ghs' })).toEqual({
        kind: 'anonymous',
        from: `no credentials found for ${registry}`,
      });
    }
  });

  test('nobody', async () => {
    expect(
      await createKeychain({ dockerConfig: path.join(directory, 'missing.json') })('quay.io'),
    ).toEqual({ kind: 'anonymous', from: 'no credentials found for quay.io' });
  });
});

test('a credential helper is named, because it is not run', async () => {
  const dockerConfig = await configured({ credHelpers: { 'public.ecr.aws': 'ecr-login' } });
  expect(await createKeychain({ dockerConfig })('public.ecr.aws')).toEqual({
    kind: 'anonymous',
    from: `no credentials used for public.ecr.aws: ${dockerConfig} names the credential helper "ecr-login", which is not run`,
  });
});

test.each(['no JSON', '[]', '"octocat"', ''])(
  'a configuration that is %j is said to be wrong, without what is in it',
  async (text) => {
    const problem = await problemOf(credentialsFor('ghcr.io', text));
    expect(problem).toMatchObject({
      kind: 'input',
      code: 'INPUT_FILE',
      message: expect.stringMatching(
        /^Cannot read the Docker configuration: ".*" is not a JSON object$/,
      ),
    });
    expect(problem.remedy).toContain('docker/login-action');
  },
);
