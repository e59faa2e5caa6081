// A token service that replaces the refresh token whenever it is used.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { beforeEach, expect, test } from '@jest/globals';

import { RegistryClient } from '../../src/registry/client.ts';
import { createKeychain } from '../../src/registry/credentials.ts';
import { startUpload } from '../../src/registry/upload.ts';
import { defaultSettings } from '../../lab/services/registry/settings.ts';
import { until } from '../../lab/services/until.ts';
import { registry } from './auth-fixture.ts';
import { transportWith } from './connect.ts';

const NAMES = ['acme/app', 'acme/two', 'acme/three', 'acme/four'];
let masked: string[] = [];
let clients: readonly RegistryClient[] = [];

beforeEach(async () => {
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'login-')), 'config.json');
  const auths = { [registry.host]: { identitytoken: defaultSettings.identityToken } };
  await writeFile(file, JSON.stringify({ auths }));
  masked = [];
  const services = {
    transport: transportWith(0),
    keychain: createKeychain({
      loginFiles: [file],
      run: () => Promise.reject(new Error('no program')),
      mask: (secret) => masked.push(secret),
    }),
  };
  clients = NAMES.map(
    (name) => new RegistryClient({ registry: registry.host, path: name }, 'pull,push', services),
  );
});

/** The refresh tokens that were presented, each with the status of the response. */
async function presented(): Promise<readonly (readonly [token: string | null, status: number])[]> {
  return (await registry.requests())
    .filter(({ method, path: to }) => `${method} ${to}` === 'POST /token')
    .map(({ body, status }) => [new URLSearchParams(body.toString()).get('refresh_token'), status]);
}

test('uses the new refresh token for the rest of the step, in every repository, and masks it', async () => {
  await registry.set({ refreshTokens: 'rotated', tokenSeconds: 0.2 });
  const [one, two] = clients;
  if (!one || !two) throw new RangeError('no clients');
  await startUpload(one);
  await startUpload(two);
  await sleep(250);
  await startUpload(one);

  const logins = await presented();
  expect(logins.map(([, status]) => status)).toEqual([200, 200, 200]);
  const [first, ...others] = logins.map(([token]) => token);
  expect(first).toBe(defaultSettings.identityToken);
  expect(new Set([first, ...others]).size).toBe(3);
  expect(masked).toEqual(expect.arrayContaining(others));
});

test('uses each refresh token once if several repositories need a login at once', async () => {
  await registry.set({ refreshTokens: 'rotated' });
  await Promise.all(clients.map((each) => startUpload(each)));

  const logins = await presented();
  expect(logins.map(([, status]) => status)).toEqual(NAMES.map(() => 200));
  expect(new Set(logins.map(([token]) => token)).size).toBe(NAMES.length);
});

test('logs in again with the same refresh token after a login failed', async () => {
  await registry.set({ refreshTokens: 'rotated' });
  await registry.fault({ path: '^/token', times: 1, action: { status: 400 } });
  const outcomes = await Promise.allSettled(clients.map((each) => startUpload(each)));

  expect(outcomes.map(({ status }) => status).sort()).toEqual([
    ...NAMES.slice(1).map(() => 'fulfilled'),
    'rejected',
  ]);
});

test('does not wait for a login that hangs if the refresh token stays the same', async () => {
  await registry.fault({ path: '^/token', skip: 1, times: 1, action: { hang: true } });
  const [first, second, ...others] = clients;
  if (!first || !second) throw new RangeError('no clients');
  await startUpload(first);
  void startUpload(second).catch(() => undefined);
  await until(async () => (await presented()).length === 2);

  await Promise.all(others.map((each) => startUpload(each)));
  expect(new Set((await presented()).map(([token]) => token)).size).toBe(1);
});
