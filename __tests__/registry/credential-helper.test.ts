// Docker's credential helpers: which one runs with which input, and how its output is used.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, test } from '@jest/globals';

import type { ActionError } from '../../src/errors.ts';
import type { ProgramResult } from '../../src/model/program.ts';
import type { Repository } from '../../src/model/reference.ts';
import { createKeychain } from '../../src/registry/credentials.ts';
import type { Credentials, Keychain } from '../../src/registry/login.ts';
import { problemOf } from './connect.ts';

const directory = await mkdtemp(path.join(tmpdir(), 'helpers-'));
const SECRET = 'correct horse battery staple';
const ended = (output: string, exitCode = 0): ProgramResult => ({
  kind: 'ended',
  exitCode,
  output,
});
const login = (Username: unknown, Secret: unknown): ProgramResult =>
  ended(JSON.stringify({ ServerURL: 'x', Username, Secret }));
const NOT_FOUND = ended('credentials not found in native keychain\n', 1);
const at = (registry: string): Repository => ({ registry, path: 'acme/app' });

let count = 0;
interface Given {
  readonly file: string;
  readonly keychain: Keychain;
  /** The programs that ran, with their input. */
  readonly calls: readonly string[];
  readonly masked: readonly string[];
}

async function given(
  config: object,
  answer: (name: string) => ProgramResult = () => login('octocat', SECRET),
): Promise<Given> {
  const file = path.join(directory, `${(count += 1)}.json`);
  await writeFile(file, JSON.stringify(config));
  const calls: string[] = [];
  const masked: string[] = [];
  const keychain = createKeychain({
    loginFiles: [file],
    run: (name, args, input) => {
      calls.push(`${name} ${args.join(' ')} < ${input}`);
      return Promise.resolve(answer(name));
    },
    mask: (secret) => masked.push(secret),
  });
  return { file, keychain, calls, masked };
}

async function found(answer: ProgramResult): Promise<Credentials> {
  const { keychain } = await given({ credsStore: 'store' }, () => answer);
  return keychain(at('quay.io'));
}

async function problem(answer: ProgramResult, suffix = 'store'): Promise<ActionError> {
  const { keychain } = await given({ credsStore: suffix }, () => answer);
  return problemOf(keychain(at('quay.io')));
}

describe('the credential helper of a registry', () => {
  test('returns a login, which is masked', async () => {
    const { file, keychain, masked } = await given({ credHelpers: { 'quay.io': 'ecr-login' } });
    expect(await keychain(at('quay.io'))).toEqual({
      kind: 'password',
      username: 'octocat',
      password: SECRET,
      from: `docker-credential-ecr-login in ${file}`,
    });
    expect(masked).toEqual([SECRET, Buffer.from(`octocat:${SECRET}`).toString('base64')]);
  });

  test.each([
    [{ credHelpers: { 'quay.io': 'gcloud' } }, 'quay.io', 'docker-credential-gcloud get < quay.io'],
    [{ credsStore: 'pass' }, 'quay.io:443', 'docker-credential-pass get < quay.io:443'],
    [
      { credHelpers: { 'docker.io': 'hub' } },
      'docker.io',
      'docker-credential-hub get < https://index.docker.io/v1/',
    ],
    [
      { credHelpers: { 'https://index.docker.io/v1/': 'hub' } },
      'docker.io',
      'docker-credential-hub get < https://index.docker.io/v1/',
    ],
  ])('for %j gets the server %s', async (config, registry, call) => {
    const { keychain, calls } = await given(config);
    await keychain(at(registry));
    expect(calls).toEqual([call]);
  });

  test('runs once for all repositories of the registry', async () => {
    const { keychain, calls } = await given({ credsStore: 'pass' });
    await Promise.all([
      keychain({ registry: 'quay.io', path: 'acme/app' }),
      keychain({ registry: 'quay.io', path: 'acme/other' }),
      keychain({ registry: 'ghcr.io', path: 'acme/app' }),
    ]);
    expect(calls).toEqual([
      'docker-credential-pass get < quay.io',
      'docker-credential-pass get < ghcr.io',
    ]);
  });

  test('takes precedence over the general helper, and both over auths', async () => {
    const config = {
      credHelpers: { 'quay.io': 'own' },
      credsStore: 'all',
      auths: { 'quay.io': { auth: Buffer.from('file:secret').toString('base64') } },
    };
    const one = await given(config);
    expect(await one.keychain(at('quay.io'))).toMatchObject({ username: 'octocat' });
    expect(one.calls).toEqual(['docker-credential-own get < quay.io']);
    const none = await given(config, () => NOT_FOUND);
    expect(await none.keychain(at('quay.io'))).toMatchObject({ username: 'file' });
    expect(none.calls).toHaveLength(2);
  });

  test('does not run for other registries', async () => {
    const { keychain, calls } = await given({ credHelpers: { 'quay.io': 'own' } });
    expect(await keychain(at('ghcr.io'))).toMatchObject({ kind: 'anonymous' });
    expect(calls).toEqual([]);
  });
});

test('names a helper without a login, because some hide their failures', async () => {
  const config = { credHelpers: { 'quay.io': 'ecr-login' }, auths: { 'ghcr.io': {} } };
  const { file, keychain } = await given(config, () => NOT_FOUND);
  expect(await keychain(at('quay.io'))).toEqual({
    kind: 'anonymous',
    from: `no credentials found for quay.io in ${file} (docker-credential-ecr-login has none; it has ghcr.io)`,
  });
});

test.each<[string, ProgramResult, object]>([
  ['the user <token> means an identity token', login('<token>', 'refresh'), { token: 'refresh' }],
  ['nothing found means no login', NOT_FOUND, { kind: 'anonymous' }],
  ['an empty login means no login', login('', ''), { kind: 'anonymous' }],
])('reads the response of a helper: %s', async (_, answer, expected) =>
  expect(await found(answer)).toMatchObject(expected),
);

test.each<[string, ProgramResult, string]>([
  ['is missing', { kind: 'missing' }, 'and there is no such program in PATH'],
  [
    'hangs',
    { kind: 'stopped', reason: 'it did not end within 30 s' },
    '"docker-credential-store" failed: it did not end within 30 s',
  ],
  [
    'fails with a known message',
    ended(`error getting credentials - err: ${SECRET}`, 1),
    '"docker-credential-store" ended with exit code 1 and said "error getting credentials"',
  ],
  ['fails with another message', ended(SECRET, 2), 'ended with exit code 2'],
  [
    'fails and prints a login',
    { ...login('octocat', SECRET), exitCode: 1 } as ProgramResult,
    'code 1',
  ],
  ['prints text that is not JSON', ended(SECRET), 'has no "Username" and "Secret"'],
  ['prints no login', login('octocat', [SECRET]), 'has no "Username" and "Secret"'],
])('reports a helper that %s, without a secret', async (_, answer, state) => {
  const { kind, code, message, remedy } = await problem(answer);
  expect({ kind, code }).toEqual({ kind: 'permission', code: 'PERMISSION_REGISTRY' });
  expect(message).toMatch(/^Cannot read the login of "quay\.io" from its credential helper: /);
  expect(message).toContain(state);
  expect(message + remedy).not.toContain(SECRET);
  expect(remedy).toContain('run the login action of the registry before this step');
});

test.each(['a b', '../evil', 'a/b', 'a;b', '$(id)', 'ä'])(
  'does not run a helper named %j',
  async (suffix) => {
    const { keychain, calls } = await given({ credsStore: suffix });
    expect((await problemOf(keychain(at('quay.io')))).message).toMatch(/is not a program name/);
    expect(calls).toEqual([]);
  },
);
