// Bundles of an image, found among everything that anyone with push access could add.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Digest } from '../../src/model/digest.ts';
import { registrySource } from '../../src/sources/registry.ts';
import { connect } from '../registry/connect.ts';
import { pushImage } from '../../lab/services/image.ts';
import { defaultSettings, type RegistrySettings } from '../../lab/services/registry/settings.ts';
import { startRegistry } from '../../lab/services/start.ts';
import { until } from '../../lab/services/until.ts';
import { type Collected, collect } from './collect.ts';
import { attach, type Attachment, BUNDLE, tagAs } from '../../lab/services/referrer.ts';

const settings: RegistrySettings = { ...defaultSettings, references: 'unchecked' };
const registry = await startRegistry(settings);
let repository = '';
let digest: Digest;
let count = 0;

beforeEach(async () => {
  await Promise.all([registry.set(settings), registry.mend()]);
  repository = `acme/app-${String((count += 1))}`;
  digest = (await pushImage(registry, repository)).digest as Digest;
  await registry.clear();
});
afterAll(() => registry.stop());

function find(signal = new AbortController().signal): Promise<Collected> {
  const subject = { repository: { registry: registry.host, path: repository }, digest };
  const source = registrySource(() => connect(registry.host, repository), { used: 0 });
  return collect(source.find(subject, signal));
}

const put = (attachment: Partial<Attachment> = {}): ReturnType<typeof attach> =>
  attach(registry, repository, { subject: digest, content: '{"bundle":1}', ...attachment });
const texts = ({ found }: Collected): readonly string[] => found.map(({ json }) => json.toString());
const reads = async (): Promise<number> =>
  (await registry.requests()).filter(({ path }) => path.includes('/manifests/sha256:')).length;

describe('a bundle is found', () => {
  test('through the API, with the place where it is', async () => {
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

  test('through the tag', async () => {
    await registry.set({ referrers: 'none' });
    await tagAs(registry, repository, digest, [await put()]);
    expect(texts(await find())).toEqual(['{"bundle":1}']);
  });

  test.each(['api', 'none'] as const)(
    'once, where it is listed twice in the tag and the API is %s',
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
    ['an older one', 'application/vnd.dev.sigstore.bundle+json;version=0.2'],
    ['no type', undefined],
    ['the type of an empty config', 'application/vnd.oci.empty.v1+json'],
    ['the type of an image config', 'application/vnd.oci.image.config.v1+json'],
  ])('where the tag gives it %s', async (_, artifactType) => {
    await registry.set({ referrers: 'none' });
    await tagAs(registry, repository, digest, [{ ...(await put()), artifactType }]);
    expect(texts(await find())).toHaveLength(1);
  });

  test('where the registry leaves types out', async () => {
    await registry.set({ referrersArtifactType: 'missing' });
    await put();
    expect(texts(await find())).toHaveLength(1);
  });

  test('even if it is not a bundle: the verifier decides', async () => {
    await put({ content: 'no JSON' });
    expect(texts(await find())).toEqual(['no JSON']);
  });

  test('next to everything else', async () => {
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

describe('nothing is found, and nothing is wrong, where', () => {
  test.each<[string, Partial<Attachment>]>([
    ['a referrer is of another type', { artifactType: 'application/spdx+json' }],
    ['a layer is of another type', { layerType: 'application/spdx+json' }],
    [
      'there are two bundle layers',
      {
        manifest: {
          layers: [
            { mediaType: BUNDLE, digest: `sha256:${'0'.repeat(64)}`, size: 2 },
            { mediaType: BUNDLE, digest: `sha256:${'1'.repeat(64)}`, size: 2 },
          ],
        },
      },
    ],
    ['there is no layer', { manifest: { layers: undefined } }],
    ['a layer is no object', { manifest: { layers: ['x', null] } }],
    ['a layer has no digest', { layer: { digest: 'latest' } }],
    ['a layer has no size', { layer: { size: undefined } }],
    ['a layer has less than nothing', { layer: { size: -1_000_000_000 } }],
    ['a size is no number', { layer: { size: '12' } }],
  ])('%s', async (_, attachment) => {
    await put(attachment);
    expect(await find()).toMatchObject({ found: [], failures: [] });
  });

  test.each<[string, object]>([
    [
      'is about another image',
      { subject: { mediaType: 'x', digest: `sha256:${'1'.repeat(64)}`, size: 1 } },
    ],
    ['is about nothing', { subject: undefined }],
    ['has a subject of another form', { subject: 'x' }],
  ])('a manifest that is listed %s', async (_, manifest) => {
    await tagAs(registry, repository, digest, [await put({ manifest })]);
    expect(await find()).toMatchObject({ found: [], failures: [] });
  });
});

describe('what could not be read is a failure', () => {
  test('an entry that leads nowhere', async () => {
    await tagAs(registry, repository, digest, [
      { mediaType: 'x', digest: `sha256:${'0'.repeat(64)}`, size: 7, artifactType: BUNDLE },
    ]);
    expect(await find()).toMatchObject({
      found: [],
      failures: [{ code: 'SERVICE_ANSWER', message: expect.stringContaining('it is listed, but') }],
    });
  });

  test('a manifest, a blob, or bytes that are not theirs, and the others are found', async () => {
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

  test('a bundle with a declared size over the limit is not requested', async () => {
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

  test('a bundle larger than declared is read up to its declared size', async () => {
    await put({ content: 'x'.repeat(1000), layer: { size: 999 } });
    expect(await find()).toMatchObject({
      found: [],
      failures: [
        { code: 'LIMIT_EXCEEDED', message: expect.stringContaining('larger than 999 bytes') },
      ],
    });
  });

  test('declared sizes do not count against the limits', async () => {
    for (let index = 0; index < 9; index++)
      await put({ content: `${index}`, layer: { size: 16 << 20 } });
    for (const size of [undefined, -(1 << 30), null, 1e15])
      await put({ content: `junk ${String(size)}`, layer: { size } });
    const { found, failures } = await find();
    expect([found.length, failures.map(({ code }) => code)]).toEqual([9, ['LIMIT_EXCEEDED']]);
  });

  test('ten thousand entries are too many; those of the right type come first', async () => {
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

  test('a place that is not read is one, the other is found', async () => {
    await tagAs(registry, repository, digest, [await put()]);
    await registry.fault({ path: '/referrers/', action: { status: 500 } });
    expect(await find()).toMatchObject({
      found: [{}],
      looked: [{ answer: 'could not be read' }, { answer: '1 listed' }],
      failures: [{ code: 'SERVICE_UNREACHABLE' }],
    });
  });
});

test('a search that is called off ends, and never rejects', async () => {
  await put();
  await registry.fault({ path: '/manifests/sha256', action: { hang: true } });
  const stop = new AbortController();
  const isAsked = async (): Promise<boolean> =>
    (await registry.requests()).some(({ path }) => path.includes('/manifests/sha256'));
  void until(isAsked).then(() => stop.abort());
  const { found, failures } = await find(stop.signal);
  expect([found, failures.length]).toEqual([[], 2]);
});
