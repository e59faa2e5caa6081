// Credentials come from the inputs or from the Docker configuration, and are sent only to the registry and its token service.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, describe, expect, test } from '@jest/globals';

import { authorized } from './seen.ts';
import { entries, LOGIN, startWorld } from './world.ts';

const world = await startWorld({ registry: { anonymousPull: false } });
const byInputs = { 'registry-username': LOGIN.username, 'registry-password': LOGIN.password };
const basic = Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64');

afterAll(() => world.stop());

async function dockerConfig(login: object): Promise<Record<string, string>> {
  const directory = await mkdtemp(path.join(tmpdir(), 'docker-'));
  await writeFile(
    path.join(directory, 'config.json'),
    JSON.stringify({
      auths: { [world.registry.host]: login, 'registry.example': { auth: 'b3RoZXI6b3RoZXI=' } },
    }),
  );
  return { DOCKER_CONFIG: directory };
}

describe.each(entries)('signing step run from %s', (entry) => {
  test.each([
    ['without credentials if the registry requires none', 'none', {}, undefined, []],
    ['with the inputs, by Basic authentication', 'basic', byInputs, undefined, ['registry Basic']],
    [
      'with the inputs, by a token',
      'bearer',
      byInputs,
      undefined,
      ['registry Basic', 'registry Bearer'],
    ],
    [
      'with the Docker configuration',
      'bearer',
      {},
      { auth: basic },
      ['registry Basic', 'registry Bearer'],
    ],
    [
      'with an identity token of the Docker configuration',
      'bearer',
      {},
      { identitytoken: 'registry-identity-token' },
      ['registry Bearer'],
    ],
    [
      'with the inputs rather than the Docker configuration',
      'basic',
      byInputs,
      { auth: 'b3RoZXI6b3RoZXI=' },
      ['registry Basic'],
    ],
  ] as const)('logs in %s', async (_how, auth, inputs, login, schemes) => {
    await world.registry.set({ auth });
    const image = await world.push('acme/app', { content: entry });
    await world.forget();
    const env = login ? await dockerConfig(login) : {};
    const { exit, outputs } = await world.run(
      entry,
      { mode: 'sign', images: image.reference, ...inputs },
      { env, secrets: [LOGIN.password, basic] },
    );
    expect({ exit, signed: outputs['signed'] }).toEqual({ exit: 0, signed: 'true' });
    expect(await authorized(world)).toEqual(['oidc Bearer', ...schemes]);
  });

  test('fails with a wrong password', async () => {
    await world.registry.set({ auth: 'bearer' });
    const image = await world.push('acme/app', { content: entry });
    const wrong = { ...byInputs, 'registry-password': 'wrong-password' };
    const { exit, annotations } = await world.run(
      entry,
      { mode: 'sign', images: image.reference, ...wrong },
      { secrets: ['wrong-password'] },
    );
    expect(exit).toBe(1);
    expect(annotations[0]?.message).toMatch(
      /^Cannot log in to "127\.0\.0\.1:\d+": its token service .* answered 401 \(credentials from registry-username and registry-password\)\nTo fix: log in to/,
    );
  });
});
