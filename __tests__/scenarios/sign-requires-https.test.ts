// A signing configuration decides who receives the identity token: only over https or on this machine, and not before it is checked.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { counted } from './seen.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const image = await world.push('acme/app');
const directory = await mkdtemp(join(tmpdir(), 'signing-config-'));
const good = JSON.parse(await readFile(world.trust.signingConfigs.rekor2, 'utf8')) as Record<
  string,
  readonly { readonly url: string }[]
>;

beforeEach(() => world.forget());
afterAll(() => world.stop());

describe.each(entries)('signing step run from %s', (entry) => {
  test.each([
    ['certificate authority', 'caUrls'],
    ['log', 'rekorTlogUrls'],
    ['timestamp authority', 'tsaUrls'],
  ])('rejects an http address of a %s before any request', async (_, list) => {
    const url = `http://sigstore.example/${list}`;
    const file = join(directory, `${entry}-${list}.json`);
    const changed = good[list]?.map((service) => ({ ...service, url }));
    await writeFile(file, JSON.stringify({ ...good, [list]: changed }));
    const { exit, outputs, annotations } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      sigstore: file,
    });
    expect({ exit, outputs }).toEqual({ exit: 1, outputs: { signed: 'false' } });
    expect(annotations.map(({ message }) => message)).toEqual([
      `Cannot use the signing configuration "${file}": "${url}" is not https\nTo fix: use an https address; plain http is only allowed for services on this machine`,
    ]);
    expect(await counted(world)).toEqual({});
  });
});
