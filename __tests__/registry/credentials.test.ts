// Credentials for a registry: the precedence of their sources, and files that cannot be read.
import path from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { problemOf } from './connect.ts';
import {
  at,
  auths,
  base64,
  configured,
  credentialsFor,
  directory,
  keychainOf,
  masked,
  octocat,
} from './logins.ts';

describe('credentials come from the first source that has some', () => {
  test('which is the inputs of the step, without reading the file', async () => {
    const explicit = { username: 'octocat', password: 'secret' };
    expect(
      await credentialsFor('ghcr.io', auths('ghcr.io', { auth: base64('a:b') }), {
        explicit,
        githubToken: 'ghs',
      }),
    ).toEqual({ ...octocat, from: 'registry-username and registry-password' });
    expect(await credentialsFor('ghcr.io', 'no JSON', { explicit })).toMatchObject(octocat);
  });

  test('which is the configuration, reported with its path', async () => {
    const dockerConfig = await configured(auths('ghcr.io'));
    expect(await keychainOf([dockerConfig], { githubToken: 'ghs' })(at('ghcr.io'))).toEqual({
      ...octocat,
      from: dockerConfig,
    });
  });

  test('which is the token of the job, only at ghcr.io', async () => {
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

  test('which is the first file with an entry, and a missing file has none', async () => {
    const missing = path.join(directory, 'missing.json');
    const docker = await configured(auths('quay.io', { auth: base64('docker:1') }));
    const podman = await configured({
      auths: { 'quay.io': { auth: base64('podman:2') }, 'ghcr.io': { auth: base64('podman:3') } },
    });
    const keychain = keychainOf([missing, docker, podman]);
    expect(await keychain(at('quay.io'))).toMatchObject({ username: 'docker', from: docker });
    expect(await keychain(at('ghcr.io'))).toMatchObject({ username: 'podman', from: podman });
  });

  test('and are anonymous if none has, with the reason', async () => {
    const file = await configured({ auths: { 'ghcr.io': {}, 'https://quay.io/v1/': {} } });
    const { from } = await keychainOf([file])(at('docker.io'));
    expect(from).toBe(`no credentials found for docker.io in ${file} (it has ghcr.io, quay.io)`);
  });

  test('and are anonymous if there is no source', async () => {
    expect(await keychainOf([path.join(directory, 'missing.json')])(at('quay.io'))).toEqual({
      kind: 'anonymous',
      from: 'no credentials found for quay.io',
    });
  });
});

test.each(['no JSON', '[]', '"octocat"', ''])(
  'reports an invalid configuration (%j) without its content',
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

test('does not treat an unreadable file as a file without logins', async () => {
  expect(await problemOf(keychainOf([directory])(at('ghcr.io')))).toMatchObject({
    code: 'INPUT_FILE',
    message: `Cannot read the registry logins: "${directory}" cannot be read`,
  });
});

test.each<[string, object, readonly string[]]>([
  ['a password', { auth: base64('octocat:secret') }, ['secret', base64('octocat:secret')]],
  ['an identity token', { identitytoken: 'refresh' }, ['refresh']],
  ['a registry token', { registrytoken: 'bearer' }, ['bearer']],
])('masks %s before it is used', async (_, entry, secrets) => {
  masked.length = 0;
  await credentialsFor('ghcr.io', auths('ghcr.io', entry));
  expect(masked).toEqual(secrets);
});
