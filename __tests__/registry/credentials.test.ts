// Credentials for a registry, from the inputs and the Docker configuration.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, test } from '@jest/globals';

import type { Repository } from '../../src/model/reference.ts';
import {
  createKeychain,
  type Credentials,
  type Keychain,
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

const at = (registry: string, name = 'acme/app'): Repository => ({ registry, path: name });
const masked: string[] = [];

function keychainOf(
  loginFiles: readonly string[],
  options: Partial<KeychainOptions> = {},
): Keychain {
  return createKeychain({
    loginFiles,
    run: () => Promise.reject(new Error('A program was run')),
    mask: (secret) => masked.push(secret),
    ...options,
  });
}

async function credentialsFor(
  registry: string,
  config: unknown,
  options: Partial<KeychainOptions> = {},
): Promise<Credentials> {
  return keychainOf([await configured(config)], options)(at(registry));
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

describe('an entry for the beginning of a name', () => {
  const entry = (login: string): object => ({ auth: base64(login) });
  const config = {
    auths: {
      'ghcr.io': entry('host:1'),
      'ghcr.io/acme': entry('owner:2'),
      'ghcr.io/acme/app': entry('repository:3'),
      'docker.io/library': entry('official:4'),
      'ghcr.io/old/v2': entry('version:5'),
    },
  };

  test.each([
    ['ghcr.io', 'acme/app', 'repository'],
    ['ghcr.io', 'acme/app/part', 'repository'],
    ['ghcr.io', 'acme/application', 'owner'],
    ['ghcr.io', 'acmes/app', 'host'],
    ['ghcr.io', 'old/app', 'host'],
    ['ghcr.io', 'old/v2', 'version'],
    ['docker.io', 'library/alpine', 'official'],
  ])('is for what is below it: %s/%s has that of the %s', async (registry, name, username) =>
    expect(await keychainOf([await configured(config)])(at(registry, name))).toMatchObject({
      username,
    }),
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
    expect(await keychainOf([dockerConfig], { githubToken: 'ghs' })(at('ghcr.io'))).toEqual({
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
        from: expect.stringContaining(`no credentials found for ${registry} in `),
      });
    }
  });

  test('the first file with an entry, and a file that is missing has none', async () => {
    const missing = path.join(directory, 'missing.json');
    const docker = await configured(auths('quay.io', { auth: base64('docker:1') }));
    const podman = await configured({
      auths: { 'quay.io': { auth: base64('podman:2') }, 'ghcr.io': { auth: base64('podman:3') } },
    });
    const keychain = keychainOf([missing, docker, podman]);
    expect(await keychain(at('quay.io'))).toMatchObject({ username: 'docker', from: docker });
    expect(await keychain(at('ghcr.io'))).toMatchObject({ username: 'podman', from: podman });
  });

  test('nobody, with what there is instead', async () => {
    const file = await configured({ auths: { 'ghcr.io': {}, 'https://quay.io/v1/': {} } });
    const { from } = await keychainOf([file])(at('docker.io'));
    expect(from).toBe(`no credentials found for docker.io in ${file} (it has ghcr.io, quay.io)`);
  });

  test('nobody', async () => {
    expect(await keychainOf([path.join(directory, 'missing.json')])(at('quay.io'))).toEqual({
      kind: 'anonymous',
      from: 'no credentials found for quay.io',
    });
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
        /^Cannot read the registry logins: ".*" is not a JSON object$/,
      ),
    });
    expect(problem.remedy).toContain('docker/login-action');
  },
);

test('a file that cannot be read is not taken for one without logins', async () => {
  expect(await problemOf(keychainOf([directory])(at('ghcr.io')))).toMatchObject({
    code: 'INPUT_FILE',
    message: `Cannot read the registry logins: "${directory}" cannot be read`,
  });
});

test.each<[string, object, readonly string[]]>([
  ['a password', { auth: base64('octocat:secret') }, ['secret', base64('octocat:secret')]],
  ['an identity token', { identitytoken: 'refresh' }, ['refresh']],
  ['a registry token', { registrytoken: 'bearer' }, ['bearer']],
])('%s is masked before it is used', async (_, entry, secrets) => {
  masked.length = 0;
  await credentialsFor('ghcr.io', auths('ghcr.io', entry));
  expect(masked).toEqual(secrets);
});
