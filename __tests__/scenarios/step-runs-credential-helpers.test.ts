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

/** A directory with Docker's configuration, and a program with this name in PATH. */
async function helper(script: string): Promise<Record<string, string>> {
  const directory = await mkdtemp(path.join(tmpdir(), 'docker-'));
  const config = { credHelpers: { [world.registry.host]: 'lab' } };
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
