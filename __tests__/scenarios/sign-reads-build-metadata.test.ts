// Images come from the metadata of a build, or from the runner's list of artifacts, in both modes.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { counted } from './seen.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const directory = await mkdtemp(path.join(tmpdir(), 'artifacts-'));

beforeEach(() => world.forget());
afterAll(() => world.stop());

describe.each(entries)('signing step run from %s', (entry) => {
  test('signs every image that bake pushed and prints a notice for the others', async () => {
    const [app, db] = await Promise.all([
      world.push('acme/app', { content: `app ${entry}`, tag: 'v1' }),
      world.push('acme/db', { content: `db ${entry}`, tag: 'v1' }),
    ]);
    const { host } = world.registry;
    const metadata = JSON.stringify({
      app: {
        'containerimage.digest': app.digest,
        'image.name': `${host}/acme/app:v1,${host}/acme/app`,
      },
      db: { 'containerimage.digest': db.digest, 'image.name': `${host}/acme/db:v1` },
      docs: { 'buildx.build.ref': 'builder/builder0/x' },
    });
    const { exit, outputs, annotations } = await world.run(entry, { mode: 'sign', metadata });
    expect(exit).toBe(0);
    expect(outputs['images']).toBe(`${app.reference}\n${db.reference}`);
    expect(annotations.map(({ message }) => message)).toEqual([
      '"metadata" has targets without a pushed image: docs',
    ]);
    expect(await world.run(entry, { mode: 'verify', metadata })).toMatchObject({
      exit: 0,
      outputs: { verdict: 'accepted' },
    });
  });

  test('signs what earlier steps declared to the runner if the inputs name no image', async () => {
    const image = await world.push('acme/app', { content: `declared ${entry}` });
    const list = path.join(directory, entry);
    const name = `${world.registry.host}/acme/app:v1`;
    const subjects = [{ name, digest: image.digest, kind: 'oci' }];
    await writeFile(list, JSON.stringify({ version: 1, subjects }));
    const declared = { env: { GITHUB_ARTIFACTS_LIST: list } };
    expect(await world.run(entry, { mode: 'sign' }, declared)).toMatchObject({
      exit: 0,
      outputs: { images: image.reference },
    });

    const other = await world.push('acme/other', { content: `named ${entry}` });
    const named = { mode: 'sign', images: other.reference };
    expect(await world.run(entry, named, declared)).toMatchObject({
      exit: 0,
      outputs: { images: other.reference },
    });
  });

  test('fails for the metadata of a build that pushed nothing', async () => {
    const metadata = JSON.stringify({ 'buildx.build.ref': 'builder/builder0/x' });
    const { exit, annotations } = await world.run(entry, { mode: 'sign', metadata });
    expect(exit).toBe(1);
    expect(annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Cannot use "metadata": no build in it .*\nTo fix: set "push: true"/s),
    ]);
    expect(await counted(world)).toEqual({});
  });
});
