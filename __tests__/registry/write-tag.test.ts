// Tags that are pointed to a manifest: their bytes, and the result if a response is lost, late or an error.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Digest } from '../../src/model/digest.ts';
import { type Manifest, readManifest } from '../../src/registry/content.ts';
import { readTag, writeTag } from '../../src/registry/write-tag.ts';
import type { FaultAction } from '../../lab/services/faults.ts';
import { pushImage } from '../../lab/services/image.ts';
import { defaultSettings } from '../../lab/services/registry/settings.ts';
import { startRegistry } from '../../lab/services/start.ts';
import { connect, problemOf } from './connect.ts';

const registry = await startRegistry();
let path = '';
let count = 0;
let old: Digest;
let manifest: Manifest;

beforeEach(async () => {
  await Promise.all([registry.set(defaultSettings), registry.mend()]);
  path = `acme/app-${String((count += 1))}`;
  old = (await pushImage(registry, path, { tag: 'latest', content: 'old' })).digest as Digest;
  const { digest } = await pushImage(registry, path, { content: 'new' });
  const read = await readManifest(connect(registry.host, path), digest);
  if (!read) throw new Error('the image is not there');
  manifest = read;
  await registry.clear();
});
afterAll(() => registry.stop());

const write = (tag: string, retryTimeout = 0): Promise<Digest | undefined> =>
  writeTag(connect(registry.host, path, { retryTimeout }), tag, manifest);
const shown = (tag: string): Promise<Digest | undefined> =>
  readTag(connect(registry.host, path), tag);
const puts = async (): Promise<readonly string[]> =>
  (await registry.requests())
    .filter(({ method }) => method === 'PUT')
    .map(({ body }) => body.toString());

test('writes the bytes and the type of the manifest to a new tag', async () => {
  expect(await write('v1')).toBeUndefined();
  const { bytes, mediaType } = manifest;
  expect(await readManifest(connect(registry.host, path), 'v1')).toMatchObject({
    bytes,
    mediaType,
  });
});

test('reports the previous digest of a moved tag', async () => {
  expect(await write('latest')).toBe(old);
  expect(await shown('latest')).toBe(manifest.digest);
});

test('does not write a tag that has the digest already', async () => {
  await write('v1');
  await registry.clear();
  expect(await write('v1')).toBe(manifest.digest);
  expect(await puts()).toEqual([]);
});

describe('a lost response', () => {
  const lost = {
    method: 'PUT',
    path: '/manifests/v1$',
    action: { reset: true, processed: true },
  } as const;

  test('is resolved by reading the tag before it is written again', async () => {
    await registry.fault({ ...lost, times: 1 });
    expect(await write('v1', 5000)).toBeUndefined();
    expect(await puts()).toHaveLength(1);
  });

  test('is resolved by reading the tag if nothing can be repeated', async () => {
    await registry.fault(lost);
    expect(await write('v1')).toBeUndefined();
    expect(await puts()).toHaveLength(1);
  });

  test('is a failure if the tag was not written', async () => {
    await registry.fault({ ...lost, action: { reset: true } });
    expect(await problemOf(write('v1'))).toMatchObject({
      code: 'SERVICE_UNREACHABLE',
      message: expect.stringContaining('/manifests/v1'),
    });
  }, 15_000);

  test('is resolved even if the retry is rejected', async () => {
    // The tag is visible late, so the write is repeated, and the registry rejects the second write.
    await registry.set({ tagLag: 2500 });
    await registry.fault({ ...lost, times: 1, action: { status: 504, processed: true } });
    await registry.fault({ ...lost, action: { status: 400 } });
    expect(await write('v1', 5000)).toBeUndefined();
    expect(await puts()).toHaveLength(2);
  }, 15_000);
});

describe('a rejected tag', () => {
  test('that exists is reported with its digest and a remedy', async () => {
    await registry.set({ tags: 'immutable' });
    expect(await problemOf(write('latest'))).toMatchObject({
      message: `Cannot move tag "latest" from ${old} in "${registry.host}/${path}": PUT /v2/${path}/manifests/latest answered 403 DENIED`,
      remedy: expect.stringMatching(
        /^if the registry makes tags immutable, choose a tag that does not exist yet, or exclude this tag from the rule; otherwise /,
      ),
    });
    expect(await shown('latest')).toBe(old);
  });

  test('that is new is reported as a permission error', async () => {
    await registry.fault({ method: 'PUT', path: '/manifests/', action: { status: 403 } });
    const { message, remedy } = await problemOf(write('v1'));
    expect(message).toMatch(/^Cannot write tag "v1" to ".*": PUT .* answered 403$/);
    expect(remedy).not.toContain('immutable');
  });

  test('is not read back', async () => {
    await registry.fault({ method: 'PUT', path: '/manifests/', action: { status: 403 } });
    await problemOf(write('v1'));
    expect((await registry.requests()).map(({ method }) => method)).toEqual(['GET', 'PUT']);
  });
});

describe('the tag that is read back', () => {
  test('can be outdated for a while', async () => {
    await registry.set({ tagLag: 700 });
    expect(await write('v1')).toBeUndefined();
    expect(await shown('v1')).toBe(manifest.digest);
  });

  test('is a failure if it stays different', async () => {
    await registry.set({ tagLag: 60_000 });
    expect(await problemOf(write('v1'))).toMatchObject({
      code: 'TAG_UNCONFIRMED',
      message: `Cannot confirm tag "v1" in "${registry.host}/${path}": it was written, but the registry does not show it`,
    });
  }, 15_000);

  test.each<[string, FaultAction, string]>([
    ['answers 403', { status: 403 }, 'permission'],
    ['leads to a login page', { status: 302, headers: { Location: '/login' } }, 'service'],
  ])('is a failure if it %s', async (_, action, kind) => {
    const read = { path: '/manifests/v1$', method: 'GET' };
    await registry.fault({ ...read, times: 1, action: { status: 404 } });
    await registry.fault({ ...read, action });
    expect(await problemOf(write('v1'))).toMatchObject({
      kind,
      message: expect.stringMatching(
        /^Cannot confirm tag "v1" in ".*": it was written, but could not be read back \(Cannot read the manifest v1 from .*\)$/,
      ),
    });
  });

  test('is a failure if the registry stored other bytes', async () => {
    const headers = { 'Docker-Content-Digest': old };
    await registry.fault({
      method: 'PUT',
      path: '/manifests/v1$',
      action: { status: 201, headers },
    });
    expect(await problemOf(write('v1'))).toMatchObject({ code: 'DIGEST_MISMATCH' });
  });
});
