// The embedded TUF repository, read by Sigstore's own client.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import * as tuf from '@sigstore/tuf';

import { startTuf, type TufHandle } from './start.ts';

const trustedRoot = {
  mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
  tlogs: [],
  certificateAuthorities: [],
  ctlogs: [],
  timestampAuthorities: [],
};
let repository: TufHandle;
let options: tuf.TUFOptions;

beforeAll(async () => {
  repository = await startTuf({
    targets: { 'trusted_root.json': trustedRoot, 'signing_config.v0.2.json': '{"a":1}' },
  });
});
afterAll(() => repository.stop());
beforeEach(async () => {
  await repository.set({ timestamp: 'good', missing: [] });
  const cachePath = await mkdtemp(path.join(tmpdir(), 'tuf-cache-'));
  options = {
    mirrorURL: repository.url,
    rootPath: await repository.writeRoot(),
    cachePath,
    retry: false,
  };
});

test('serves its targets to a client with the root', async () => {
  expect(await tuf.getTrustedRoot(options)).toMatchObject({ mediaType: trustedRoot.mediaType });
  const client = await tuf.initTUF(options);
  expect(await client.getTarget('signing_config.v0.2.json')).toBe('{"a":1}');
});

test('publishes changed targets as a new version', async () => {
  await tuf.getTrustedRoot(options);
  const mediaType = 'application/vnd.dev.sigstore.trustedroot.v0.2+json';
  await repository.set({ targets: { 'trusted_root.json': { ...trustedRoot, mediaType } } });
  expect((await tuf.getTrustedRoot(options)).mediaType).toBe(mediaType);
  await repository.set({ targets: { 'trusted_root.json': trustedRoot } });
});

test('is rejected with an expired timestamp', async () => {
  await repository.set({ timestamp: 'expired' });
  await expect(tuf.getTrustedRoot(options)).rejects.toMatchObject({
    cause: { message: expect.stringMatching(/expired/) },
  });
});

test('is rejected with another root', async () => {
  const other = await startTuf();
  await expect(
    tuf.getTrustedRoot({ ...options, rootPath: await other.writeRoot() }),
  ).rejects.toThrow('refreshing TUF metadata');
  await other.stop();
});

test('can omit a target that it lists', async () => {
  await repository.set({ missing: ['trusted_root.json'] });
  await expect(tuf.getTrustedRoot(options)).rejects.toThrow();
});
