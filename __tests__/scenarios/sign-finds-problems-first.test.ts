// What keeps a step from signing is found before a signature is logged or anything is written, and all of it is reported.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { INDEX, MANIFEST, putManifest } from '../../lab/services/image.ts';
import { defaultSettings } from '../../lab/services/registry/settings.ts';
import type { ActionResult } from '../../lab/runner/run-action.ts';
import type { Digest } from '../../src/model/digest.ts';
import { fallbackTag } from '../../src/registry/referrer.ts';
import { asked, manifestsWritten } from './seen.ts';
import { entries, type Image, LOGIN, startWorld } from './world.ts';

const SCHEMA_1 = 'application/vnd.docker.distribution.manifest.v1+prettyjws';
const world = await startWorld();

beforeEach(() => Promise.all([world.forget(), world.registry.set(defaultSettings)]));
afterAll(() => world.stop());

async function expectNothingWritten(): Promise<void> {
  // The certificate is requested while the stores are prepared.
  const logged = (await asked(world.sigstore)).filter((each) => !/signingCert/.test(each));
  expect(logged).toEqual([]);
  expect(await manifestsWritten(world.registry)).toEqual([]);
  expect(await asked(world.github)).toEqual([]);
}

describe.each(entries)('signing step run from %s', (entry) => {
  test('reports a missing image and an empty token together', async () => {
    const { exit, outputs, annotations } = await world.run(entry, {
      mode: 'sign',
      images: `${world.registry.host}/acme/app@sha256:${'0'.repeat(64)}`,
      stores: 'registry, github',
      'github-token': '',
    });
    expect({ exit, signed: outputs['signed'] }).toEqual({ exit: 1, signed: 'false' });
    expect(annotations.map(({ message }) => message).sort()).toEqual([
      expect.stringMatching(
        /^Cannot record an attestation: "github-token" is empty\nTo fix: remove "github-token"/,
      ),
      expect.stringMatching(/^Cannot sign ".*": the registry has no such manifest\nTo fix: /),
    ]);
    await expectNothingWritten();
  });

  test('rejects an image of schema 1', async () => {
    const { reference } = await world.push('acme/app', { content: `${entry} schema 1` });
    await world.forget();
    const headers = { 'content-type': SCHEMA_1 };
    const action = { status: 200, headers, body: '{"schemaVersion":1}' };
    await world.registry.fault({ path: '/manifests/sha256:', action });
    const { exit, annotations } = await world.run(entry, { mode: 'sign', images: reference });
    expect(exit).toBe(1);
    expect(annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Cannot use ".*": it is a Docker image of schema 1.*\nTo fix: /s),
    ]);
    await expectNothingWritten();
  });

  describe('at a list of referrers without room', () => {
    const LIMIT = 4 << 20;
    const listWith = (entries: readonly object[], bytes: number): object => {
      const list = { schemaVersion: 2, mediaType: INDEX, manifests: entries, filler: '' };
      return { ...list, filler: 'x'.repeat(bytes - JSON.stringify(list).length) };
    };
    const put = (
      { repository, digest }: Image,
      content: object,
      mediaType = INDEX,
    ): Promise<string> =>
      putManifest(
        { ...world.registry, ...LOGIN },
        repository,
        content,
        mediaType,
        fallbackTag(digest as Digest),
      );
    const sign = async (
      { reference }: Image,
      inputs: Readonly<Record<string, string>> = {},
    ): Promise<ActionResult> => {
      await world.forget();
      return world.run(entry, { mode: 'sign', images: reference, ...inputs });
    };
    beforeEach(() => world.registry.set({ references: 'unchecked' }));

    test.each([
      ['a first signature', { 'if-signed': 'skip' }],
      ['another signature', { 'if-signed': 'sign' }],
    ])('requests no certificate for %s', async (name, inputs) => {
      await world.registry.set({ referrers: 'none' });
      const image = await world.push('acme/app', { content: `${entry} full, ${name}` });
      await put(image, listWith([], LIMIT - 100));
      const { exit, annotations } = await sign(image, inputs);
      expect(exit).toBe(1);
      expect(annotations.map(({ message }) => message)).toEqual([
        expect.stringMatching(
          /^Cannot list the signature in ".*": tag sha256-\w+ would grow to \d+ bytes of 4194304\nTo fix: remove old referrers of this image/,
        ),
      ]);
      expect(await asked(world.sigstore)).toEqual([]);
      await expectNothingWritten();
    });

    test('requests no certificate if the tag holds something else', async () => {
      await world.registry.set({ referrers: 'none' });
      const image = await world.push('acme/app', { content: `${entry} something else` });
      await put(image, { schemaVersion: 2, mediaType: MANIFEST }, MANIFEST);
      const { exit, annotations } = await sign(image);
      expect(exit).toBe(1);
      expect(annotations[0]?.message).toMatch(/is not a list of referrers, it holds /);
      expect(await asked(world.sigstore)).toEqual([]);
      await expectNothingWritten();
    });

    test('signs if there is just enough room', async () => {
      await world.registry.set({ referrers: 'none' });
      const image = await world.push('acme/app', { content: `${entry} room` });
      await put(image, listWith([], LIMIT - 1000));
      expect(await sign(image)).toMatchObject({ exit: 0, outputs: { signed: 'true' } });
    });

    test('signs if the registry lists referrers itself', async () => {
      const image = await world.push('acme/app', { content: `${entry} own list` });
      await put(image, listWith([], LIMIT - 100));
      expect(await sign(image)).toMatchObject({ exit: 0, outputs: { signed: 'true' } });
    });

    test('does not need room for what is stored already', async () => {
      await world.registry.set({ referrers: 'none' });
      const image = await world.push('acme/app', { content: `${entry} stored` });
      expect(await sign(image)).toMatchObject({ exit: 0 });
      const path = `${image.repository}/manifests/${fallbackTag(image.digest as Digest)}`;
      const response = await fetch(`${world.registry.url}/v2/${path}`);
      const { manifests } = (await response.json()) as { manifests: object[] };
      await put(image, listWith(manifests, LIMIT - 100));
      expect(await sign(image)).toMatchObject({ exit: 0, outputs: { signed: 'true' } });
      expect(await asked(world.sigstore)).toEqual([]);
    });
  });
});
