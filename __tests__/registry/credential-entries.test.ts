// Entries of the Docker configuration: their forms, and the registries that they are for.
import { describe, expect, test } from '@jest/globals';

import { at, auths, base64, configured, credentialsFor, keychainOf, octocat } from './logins.ts';

describe('an entry of auths', () => {
  test.each<[string, object, object]>([
    ['auth', { auth: base64('octocat:secret') }, octocat],
    [
      'a colon in the password of auth',
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
      'username and password next to auth',
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
  ])('is read with %s', async (_, entry, expected) =>
    expect(await credentialsFor('ghcr.io', auths('ghcr.io', entry))).toMatchObject(expected),
  );

  test.each<[string, unknown]>([
    ['empty', {}],
    ['not an object', 'octocat:secret'],
    ['without a password', { auth: base64('octocat:') }],
    ['without a colon', { auth: base64('octocat') }],
    ['without a user', { auth: base64(':secret') }],
    ['fields of other types', { auth: 7, username: ['octocat'], password: null }],
  ])('is ignored if it is %s', async (_, entry) =>
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
  ])('for %s can be called %s', async (registry, key) =>
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
  ])('for %s is not used for %s', async (registry, key) =>
    expect(await credentialsFor(registry, auths(key))).toMatchObject({ kind: 'anonymous' }),
  );
});

describe('an entry for a prefix of a name', () => {
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
  ])(
    'is used for the names below it: %s/%s uses that of the %s',
    async (registry, name, username) =>
      expect(await keychainOf([await configured(config)])(at(registry, name))).toMatchObject({
        username,
      }),
  );
});
