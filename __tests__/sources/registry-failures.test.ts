// Referrers that cannot be read or are over a limit, and the bundles that are found anyway.
import { describe, expect, test } from '@jest/globals';

import { BUNDLE, tagAs } from '../../lab/services/referrer.ts';
import { digest, find, put, reads, registry, repository } from './registry-fixture.ts';

describe('an unreadable referrer is reported as a failure', () => {
  test('if its manifest does not exist', async () => {
    await tagAs(registry, repository, digest, [
      { mediaType: 'x', digest: `sha256:${'0'.repeat(64)}`, size: 7, artifactType: BUNDLE },
    ]);
    expect(await find()).toMatchObject({
      found: [],
      failures: [{ code: 'SERVICE_ANSWER', message: expect.stringContaining('it is listed, but') }],
    });
  });

  test('if its manifest, its blob or its bytes are wrong, and the others are found', async () => {
    await put({ content: 'good' });
    const { digest: broken } = await put({ content: 'broken' });
    await registry.fault({ path: `/manifests/${broken}`, action: { status: 500 } });
    expect(await find()).toMatchObject({
      found: [{ json: Buffer.from('good') }],
      failures: [{ code: 'SERVICE_UNREACHABLE' }],
    });
    await registry.mend();
    await registry.fault({ path: `/manifests/${broken}`, action: { corrupt: true } });
    expect(await find()).toMatchObject({ found: [{}], failures: [{ code: 'DIGEST_MISMATCH' }] });
    await registry.mend();
    await registry.fault({ path: '/blobs/', times: 1, action: { status: 404 } });
    expect(await find()).toMatchObject({ found: [{}], failures: [{ code: 'SERVICE_REFUSED' }] });
  });

  test('without a request if its declared size is over the limit', async () => {
    const { digest: referrer } = await put({ layer: { size: (16 << 20) + 1 } });
    expect(await find()).toMatchObject({
      found: [],
      failures: [
        {
          code: 'LIMIT_EXCEEDED',
          message: `Cannot read the bundle at ${registry.host}/${repository}@${referrer}: its declared size of 16777217 bytes is over the limit of 16777216`,
        },
      ],
    });
    expect(
      (await registry.requests()).filter(
        ({ method, path }) => method === 'GET' && path.includes('/blobs/'),
      ),
    ).toEqual([]);
  });

  test('after its declared size if it is larger than declared', async () => {
    await put({ content: 'x'.repeat(1000), layer: { size: 999 } });
    expect(await find()).toMatchObject({
      found: [],
      failures: [
        { code: 'LIMIT_EXCEEDED', message: expect.stringContaining('larger than 999 bytes') },
      ],
    });
  });

  test('without counting its declared size against the limits', async () => {
    for (let index = 0; index < 9; index++)
      await put({ content: `${index}`, layer: { size: 16 << 20 } });
    for (const size of [undefined, -(1 << 30), null, 1e15])
      await put({ content: `junk ${String(size)}`, layer: { size } });
    const { found, failures } = await find();
    expect([found.length, failures.map(({ code }) => code)]).toEqual([9, ['LIMIT_EXCEEDED']]);
  });

  test('after ten thousand entries, with those of the right type first', async () => {
    const junk = Array.from({ length: 10_000 }, (_, index) => ({
      mediaType: 'x',
      digest: `sha256:${index.toString(16).padStart(64, '0')}`,
      size: 700,
    }));
    await registry.set({ referrers: 'none' });
    await tagAs(registry, repository, digest, [...junk, await put()]);
    await registry.clear();
    const { found, failures } = await find();
    expect(found).toMatchObject([{ json: Buffer.from('{"bundle":1}') }]);
    expect(failures).toContainEqual(
      expect.objectContaining({
        code: 'LIMIT_EXCEEDED',
        message: `Cannot check every referrer of "${registry.host}/${repository}@${digest}": 10001 are listed, and at most 500 are read`,
      }),
    );
    expect(await reads()).toBe(500);
  });

  test('if one source cannot be read, and the other is read', async () => {
    await tagAs(registry, repository, digest, [await put()]);
    await registry.fault({ path: '/referrers/', action: { status: 500 } });
    expect(await find()).toMatchObject({
      found: [{}],
      looked: [{ answer: 'could not be read' }, { answer: '1 listed' }],
      failures: [{ code: 'SERVICE_UNREACHABLE' }],
    });
  });
});
