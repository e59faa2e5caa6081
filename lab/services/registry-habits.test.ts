// Referrers in the embedded registry, and behaviours in which real registries differ.
import { describe, expect, test } from '@jest/globals';

import { INDEX, MANIFEST, pushImage, putBlob, putManifest } from './image.ts';
import { at, basic, manifestAt, registry, repository } from './registry-fixture.ts';

async function pushReferrer(subject: string, name: string): Promise<string> {
  const digest = await putBlob(registry, repository, '{}');
  const empty = { mediaType: 'application/vnd.oci.empty.v1+json', digest, size: 2 };
  return putManifest(registry, repository, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    artifactType: 'application/x-test',
    config: empty,
    layers: [empty],
    subject: { mediaType: MANIFEST, digest: subject, size: 1 },
    annotations: { name },
  });
}

async function manifestsIn(response: Response): Promise<object[]> {
  return ((await response.json()) as { manifests: object[] }).manifests;
}

describe('referrers', () => {
  test('are listed in pages with type and annotations', async () => {
    await registry.set({ referrersPageSize: 2 });
    const { digest } = await pushImage(registry, repository);
    const pushed = [
      await pushReferrer(digest, 'a'),
      await pushReferrer(digest, 'b'),
      await pushReferrer(digest, 'c'),
    ];
    const first = await at(`referrers/${digest}`);
    expect(first.headers.get('content-type')).toBe(INDEX);
    const [, next] = /^<(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '') ?? [];
    const rest = await fetch(new URL(next ?? '', registry.url));
    expect(rest.headers.get('link')).toBeNull();
    const found = [...(await manifestsIn(first)), ...(await manifestsIn(rest))];
    expect(found).toMatchObject(
      pushed.map((referrer) => ({ digest: referrer, artifactType: 'application/x-test' })),
    );
    expect(found[2]).toMatchObject({ annotations: { name: 'c' } });
  });

  test('are an empty index if there are none', async () => {
    expect(await manifestsIn(await at(`referrers/sha256:${'0'.repeat(64)}`))).toEqual([]);
  });

  test.each([
    ['api', 'with-api', 200, true],
    ['none', 'with-api', 404, false],
    ['none', 'always', 404, true],
    ['refused', 'with-api', 406, false],
    ['html', 'never', 200, false],
  ] as const)(
    '%s, subject header %s: answered with %i',
    async (referrers, subjectHeader, status, announced) => {
      await registry.set({ referrers, subjectHeader });
      const { digest } = await pushImage(registry, repository);
      const body = JSON.stringify({ mediaType: MANIFEST, subject: { digest } });
      const put = await manifestAt('x', {
        method: 'PUT',
        headers: { 'Content-Type': MANIFEST },
        body,
      });
      expect(put.headers.get('oci-subject')).toBe(announced ? digest : null);
      expect((await at(`referrers/${digest}`)).status).toBe(status);
    },
  );

  test('can be listed without artifactType and late', async () => {
    await registry.set({ referrersArtifactType: 'missing' });
    const { digest } = await pushImage(registry, repository);
    await pushReferrer(digest, 'a');
    expect((await manifestsIn(await at(`referrers/${digest}`)))[0]).not.toHaveProperty(
      'artifactType',
    );
    await registry.set({ referrersLag: 60_000 });
    expect(await manifestsIn(await at(`referrers/${digest}`))).toEqual([]);
  });
});

describe('optional behaviours', () => {
  test('resolve a tag that looks like a digest to the manifest', async () => {
    const { digest } = await pushImage(registry, repository);
    const tag = digest.replace(':', '-');
    expect((await manifestAt(tag)).status).toBe(404);
    await registry.set({ tagResolution: 'digest-like' });
    expect((await manifestAt(tag)).headers.get('docker-content-digest')).toBe(digest);
  });

  test('reject immutable tags and missing subjects', async () => {
    await registry.set({ tags: 'immutable', missingSubject: 'refused' });
    await pushImage(registry, repository, { tag: 'v1' });
    await expect(pushImage(registry, repository, { tag: 'v1', content: 'new' })).rejects.toThrow(
      '403',
    );
    await expect(pushReferrer(`sha256:${'0'.repeat(64)}`, 'a')).rejects.toThrow('MANIFEST_INVALID');
  });

  test('delay reads of a tag, but not reads of a digest', async () => {
    const { digest } = await pushImage(registry, repository, { tag: 'v1' });
    await registry.set({ tagLag: 60_000 });
    expect((await manifestAt('v1')).status).toBe(404);
    expect((await manifestAt(digest)).status).toBe(200);
    await registry.set({ tagLag: 1 });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await manifestAt('v1')).headers.get('docker-content-digest')).toBe(digest);
  });

  test('honour conditional writes', async () => {
    await registry.set({ conditions: 'honoured' });
    const { digest } = await pushImage(registry, repository, { tag: 'v1' });
    const put = (headers: Record<string, string>): Promise<Response> =>
      manifestAt('v1', {
        method: 'PUT',
        headers: { 'Content-Type': MANIFEST, ...headers },
        body: '{}',
      });
    expect((await manifestAt('v1', { headers: { 'If-None-Match': `"${digest}"` } })).status).toBe(
      304,
    );
    expect((await put({ 'If-None-Match': '*' })).status).toBe(412);
    expect((await put({ 'If-Match': '"other"' })).status).toBe(412);
    expect((await put({ 'If-Match': `"${digest}"` })).status).toBe(201);
  });

  test('serve blobs from a storage server that rejects credentials', async () => {
    await registry.set({ blobs: 'storage' });
    const digest = await putBlob(registry, repository, 'abc');
    const redirect = await at(`blobs/${digest}`, { redirect: 'manual' });
    const location = redirect.headers.get('location') ?? '';
    expect([redirect.status, new URL(location).origin]).toEqual([307, registry.storage]);
    expect(await (await fetch(location)).text()).toBe('abc');
    expect((await fetch(location, { headers: { Authorization: basic } })).status).toBe(400);
  });
});
