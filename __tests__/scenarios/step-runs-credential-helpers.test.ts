// A login in a credential helper of Docker, or in podman's auth.json, is used as Docker and podman use it.
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, describe, expect, test } from '@jest/globals';

import { authorized } from './seen.ts';
import { entries, LOGIN, startWorld } from './world.ts';

const world = await startWorld({ registry: { auth: 'bearer' } });
const basic = Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64');
const answer = JSON.stringify({ Username: LOGIN.username, Secret: LOGIN.password });

afterAll(() => world.stop());

const FOR_REGISTRY = { credHelpers: { [world.registry.host]: 'lab' } };
const FOR_ALL = { credsStore: 'lab' };

/** A directory with Docker's configuration, and the program `docker-credential-lab` in PATH. */
async function helper(
  script: string,
  config: object = FOR_REGISTRY,
): Promise<Record<string, string>> {
  const directory = await mkdtemp(path.join(tmpdir(), 'docker-'));
  await writeFile(path.join(directory, 'config.json'), JSON.stringify(config));
  const program = path.join(directory, 'docker-credential-lab');
  await writeFile(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { DOCKER_CONFIG: directory, PATH: `${directory}:${process.env['PATH']}` };
}

describe.each(entries)('step run from %s', (entry) => {
  test('signs with a login from a credential helper', async () => {
    const image = await world.push('acme/app', { content: entry });
    await world.forget();
    const env = await helper(
      `test "$(cat)" = '${world.registry.host}' && test -z "$INPUT_MODE" && echo '${answer}'`,
    );
    const run = await world.run(
      entry,
      { mode: 'sign', images: image.reference },
      { env, secrets: [] },
    );
    expect(run).toMatchObject({ exit: 0, outputs: { signed: 'true' } });
    expect(run.masks).toEqual(expect.arrayContaining([LOGIN.password, basic]));
    expect(await authorized(world)).toEqual(['oidc Bearer', 'registry Basic', 'registry Bearer']);
  });

  test.each<[string, object]>([
    ['of all registries', FOR_ALL],
    [
      'of all registries, whose entry in the file is empty',
      { ...FOR_ALL, auths: { [world.registry.host]: {} } },
    ],
    ['of this registry before that of all others', { ...FOR_REGISTRY, credsStore: 'not-there' }],
  ])('verifies with a login from the credential helper %s', async (_, config) => {
    const image = await world.push('acme/store', { content: entry });
    const script = `test "$1" = get && test "$(cat)" = '${world.registry.host}' && echo '${answer}'`;
    const { outputs } = await world.run(
      entry,
      { mode: 'verify', images: image.reference },
      { env: await helper(script, config) },
    );
    expect(outputs['verdict']).toBe('unattested');
  });

  test('continues without a login if the credential helper has none', async () => {
    const image = await world.push('acme/store', { content: entry });
    const { annotations } = await world.run(
      entry,
      { mode: 'sign', images: image.reference },
      { env: await helper("echo 'credentials not found in native keychain'; exit 1", FOR_ALL) },
    );
    expect(annotations[0]?.message).toMatch(
      /^Cannot log in to .*no credentials found for .*docker-credential-lab has none/,
    );
  });

  test.each<[string, string, string]>([
    ['that is not there', 'not-there', 'there is no such program in PATH'],
    ['whose name is a path', '../lab', 'names a helper that is not a program name'],
  ])(
    'reports a credential helper %s, with the file that names it',
    async (_, credsStore, state) => {
      const image = await world.push('acme/store', { content: entry });
      const env = await helper('exit 1', { credsStore });
      const { exit, annotations } = await world.run(
        entry,
        { mode: 'sign', images: image.reference },
        { env },
      );
      expect(exit).toBe(1);
      expect(annotations[0]?.message).toContain(`"${env['DOCKER_CONFIG']}/config.json"`);
      expect(annotations[0]?.message).toContain(state);
    },
  );

  test("signs with a login from podman's auth.json", async () => {
    const image = await world.push('acme/podman', { content: entry });
    const directory = await mkdtemp(path.join(tmpdir(), 'runtime-'));
    await mkdir(path.join(directory, 'containers'));
    const auths = { [`${world.registry.host}/acme`]: { auth: basic.replace(/=+$/, '') } };
    const file = path.join(directory, 'containers/auth.json');
    await writeFile(file, JSON.stringify({ auths }));
    const { exit, outputs } = await world.run(
      entry,
      { mode: 'sign', images: image.reference },
      { env: { XDG_RUNTIME_DIR: directory } },
    );
    expect({ exit, signed: outputs['signed'] }).toEqual({ exit: 0, signed: 'true' });
  });

  test('reports that a credential helper failed, without its output', async () => {
    const image = await world.push('acme/app', { content: entry });
    const secret = 'what-the-helper-said';
    const { exit, annotations, stdout } = await world.run(
      entry,
      { mode: 'sign', images: image.reference },
      { env: await helper(`echo ${secret}; echo ${secret} >&2; exit 7`) },
    );
    expect(exit).toBe(1);
    expect(annotations[0]?.message).toBe(
      `Cannot read the login of "${world.registry.host}" from its credential helper: "docker-credential-lab" ended with exit code 7\nTo fix: run the login action of the registry before this step, or set "registry-username" and "registry-password"`,
    );
    expect(stdout).not.toContain(secret);
  });
});
