// A token service that replaces the refresh token whenever it is used.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test } from '@jest/globals';

import { RegistryClient } from '../../src/registry/client.ts';
import { createKeychain } from '../../src/registry/credentials.ts';
import { startUpload } from '../../src/registry/upload.ts';
import { defaultSettings } from '../../lab/services/registry/settings.ts';
import { registry } from './auth-fixture.ts';
import { transportWith } from './connect.ts';

test('uses the new refresh token for the rest of the step, in every repository, and masks it', async () => {
  await registry.set({ refreshTokens: 'rotated', tokenSeconds: 0.2 });
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'login-')), 'config.json');
  const auths = { [registry.host]: { identitytoken: defaultSettings.identityToken } };
  await writeFile(file, JSON.stringify({ auths }));
  const masked: string[] = [];
  const services = {
    transport: transportWith(0),
    keychain: createKeychain({
      loginFiles: [file],
      run: () => Promise.reject(new Error('no program')),
      mask: (secret) => masked.push(secret),
    }),
  };
  const [one, two] = ['acme/app', 'acme/two'].map(
    (name) => new RegistryClient({ registry: registry.host, path: name }, 'pull,push', services),
  );
  if (!one || !two) throw new RangeError('no clients');
  await startUpload(one);
  await startUpload(two);
  await sleep(250);
  await startUpload(one);

  const presented = (await registry.requests())
    .filter(({ method, path: to }) => `${method} ${to}` === 'POST /token')
    .map(({ body, status }) => [new URLSearchParams(body.toString()).get('refresh_token'), status]);
  expect(presented.map(([, status]) => status)).toEqual([200, 200, 200]);
  const [first, ...others] = presented.map(([token]) => token);
  expect(first).toBe(defaultSettings.identityToken);
  expect(new Set([first, ...others]).size).toBe(3);
  expect(masked).toEqual(expect.arrayContaining(others));
});
