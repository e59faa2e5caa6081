// What keeps a step from signing is found before a signature is logged or anything is written, and all of it is reported.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { asked, manifestsWritten } from './seen.ts';
import { entries, startWorld } from './world.ts';

const SCHEMA_1 = 'application/vnd.docker.distribution.manifest.v1+prettyjws';
const world = await startWorld();

beforeEach(() => world.forget());
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
});
