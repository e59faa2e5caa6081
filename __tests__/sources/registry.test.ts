// Bundles of an image, found among any content that someone with push access can add.
import { describe, expect, test } from '@jest/globals';

import { until } from '../../lab/services/until.ts';
import { type Attachment, BUNDLE, tagAs } from '../../lab/services/referrer.ts';
import { digest, find, put, reads, registry, repository, texts } from './registry-fixture.ts';

describe('a bundle is found', () => {
  test('through the API, with its place', async () => {
    const { digest: referrer } = await put();
    expect(await find()).toEqual({
      found: [
        {
          source: 'registry',
          place: `${registry.host}/${repository}@${referrer}`,
          json: Buffer.from('{"bundle":1}'),
        },
      ],
      looked: [
        { place: `${registry.host}/${repository} referrers API`, answer: '1 listed' },
        { place: `${registry.host}/${repository} tag sha256-${digest.slice(7)}`, answer: 'absent' },
      ],
      failures: [],
    });
  });

  test('through the fallback tag', async () => {
    await registry.set({ referrers: 'none' });
    await tagAs(registry, repository, digest, [await put()]);
    expect(texts(await find())).toEqual(['{"bundle":1}']);
  });

  test.each(['api', 'none'] as const)(
    'once if it is listed twice in the tag and the API is %s',
    async (referrers) => {
      await registry.set({ referrers });
      const entry = await put();
      await tagAs(registry, repository, digest, [entry, entry]);
      await registry.clear();
      expect(texts(await find())).toEqual(['{"bundle":1}']);
      expect(await reads()).toBe(1);
    },
  );

  test.each<[string, string | undefined]>([
    ['the type of the bundle', BUNDLE],
    ['an older type', 'application/vnd.dev.sigstore.bundle+json;version=0.2'],
    ['no type', undefined],
    ['the type of an empty config', 'application/vnd.oci.empty.v1+json'],
    ['the type of an image config', 'application/vnd.oci.image.config.v1+json'],
  ])('if the tag lists it with %s', async (_, artifactType) => {
    await registry.set({ referrers: 'none' });
    await tagAs(registry, repository, digest, [{ ...(await put()), artifactType }]);
    expect(texts(await find())).toHaveLength(1);
  });

  test('if the registry omits types', async () => {
    await registry.set({ referrersArtifactType: 'missing' });
    await put();
    expect(texts(await find())).toHaveLength(1);
  });

  test('even if it is not a bundle: the verifier decides', async () => {
    await put({ content: 'no JSON' });
    expect(texts(await find())).toEqual(['no JSON']);
  });

  test('next to other artifacts', async () => {
    await tagAs(registry, repository, digest, [
      'junk',
      { digest: '../x' },
      { mediaType: 'x', digest: `sha256:${'0'.repeat(64)}`, size: 7, artifactType: BUNDLE },
      await put({ content: 'tagged' }),
      await put({ content: '[]', artifactType: 'text/spdx' }),
    ] as object[]);
    await put();
    const discovery = await find();
    expect([...texts(discovery)].sort()).toEqual(['tagged', '{"bundle":1}']);
    expect(discovery.failures).toMatchObject([{ code: 'SERVICE_ANSWER' }]);
  });
});

describe('a referrer is skipped without a failure', () => {
  test.each<[string, Partial<Attachment>]>([
    ['it has another type', { artifactType: 'application/spdx+json' }],
    ['its layer has another type', { layerType: 'application/spdx+json' }],
    [
      'it has two bundle layers',
      {
        manifest: {
          layers: [
            { mediaType: BUNDLE, digest: `sha256:${'0'.repeat(64)}`, size: 2 },
            { mediaType: BUNDLE, digest: `sha256:${'1'.repeat(64)}`, size: 2 },
          ],
        },
      },
    ],
    ['it has no layer', { manifest: { layers: undefined } }],
    ['a layer is not an object', { manifest: { layers: ['x', null] } }],
    ['a layer has no digest', { layer: { digest: 'latest' } }],
    ['a layer has no size', { layer: { size: undefined } }],
    ['a layer has a negative size', { layer: { size: -1_000_000_000 } }],
    ['a size is not a number', { layer: { size: '12' } }],
  ])('if %s', async (_, attachment) => {
    await put(attachment);
    expect(await find()).toMatchObject({ found: [], failures: [] });
  });

  test.each<[string, object]>([
    [
      'has another image as subject',
      { subject: { mediaType: 'x', digest: `sha256:${'1'.repeat(64)}`, size: 1 } },
    ],
    ['has no subject', { subject: undefined }],
    ['has an invalid subject', { subject: 'x' }],
  ])('if its manifest %s', async (_, manifest) => {
    await tagAs(registry, repository, digest, [await put({ manifest })]);
    expect(await find()).toMatchObject({ found: [], failures: [] });
  });
});

test('ends a cancelled search without an error', async () => {
  await put();
  await registry.fault({ path: '/manifests/sha256', action: { hang: true } });
  const stop = new AbortController();
  const isAsked = async (): Promise<boolean> =>
    (await registry.requests()).some(({ path }) => path.includes('/manifests/sha256'));
  void until(isAsked).then(() => stop.abort());
  const { found, failures } = await find(stop.signal);
  expect([found, failures.length]).toEqual([[], 2]);
});
