// The referrers of a manifest, in registries with and without the API, and with invalid responses.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Digest } from '../../src/model/digest.ts';
import { EMPTY_CONFIG, OCI_INDEX } from '../../src/registry/media-types.ts';
import { fallbackTag, parseReferrers, type Referrer } from '../../src/registry/referrer.ts';
import { listEachPlace, type Referrers } from '../../src/registry/referrers.ts';
import { type Answer, type Loopback, serve } from '../../lab/services/loopback.ts';
import { INDEX, MANIFEST, pushImage, putBlob, putManifest } from '../../lab/services/image.ts';
import { defaultSettings } from '../../lab/services/registry/settings.ts';
import { startRegistry } from '../../lab/services/start.ts';
import { connect } from './connect.ts';
import { listReferrers } from './list-referrers.ts';

const registry = await startRegistry();
let repository = '';
let subject: Digest;
let count = 0;

beforeEach(async () => {
  await Promise.all([
    registry.set({ ...defaultSettings, references: 'unchecked' }),
    registry.mend(),
  ]);
  repository = `acme/app-${String((count += 1))}`;
  subject = (await pushImage(registry, repository)).digest as Digest;
  await registry.clear();
});
afterAll(() => registry.stop());

const entry = (digit: string, rest: object = {}): object => ({
  mediaType: MANIFEST,
  digest: `sha256:${digit.repeat(64)}`,
  size: 7,
  ...rest,
});
const list = (): Promise<Referrers> => listReferrers(connect(registry.host, repository), subject);
const listed = async (): Promise<readonly string[]> =>
  (await list()).referrers.map(({ digest }) => digest);

async function pushReferrer(name: string): Promise<string> {
  const config = {
    mediaType: EMPTY_CONFIG,
    digest: await putBlob(registry, repository, '{}'),
    size: 2,
  };
  const reference = { mediaType: MANIFEST, digest: subject, size: 1 };
  return putManifest(registry, repository, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    artifactType: 'application/x-test',
    config,
    layers: [],
    subject: reference,
    annotations: { name },
  });
}

function tagWith(...manifests: readonly unknown[]): Promise<string> {
  return putManifest(
    registry,
    repository,
    { schemaVersion: 2, mediaType: INDEX, manifests },
    INDEX,
    fallbackTag(subject),
  );
}

describe('referrers', () => {
  test('come from the API, with their type', async () => {
    const digest = await pushReferrer('a');
    expect(await list()).toMatchObject({
      referrers: [{ mediaType: MANIFEST, digest, artifactType: 'application/x-test' }],
      looked: [
        { place: 'referrers API', answer: '1 listed' },
        { place: `tag sha256-${subject.slice(7)}`, answer: 'absent' },
      ],
      failures: [],
    });
    expect(
      (await registry.requests()).find(({ path }) => path.includes('/referrers/'))?.headers[
        'accept'
      ],
    ).toBe(OCI_INDEX);
  });

  test('come from the tag', async () => {
    await registry.set({ referrers: 'none' });
    await tagWith(entry('a', { artifactType: 'application/x-test' }));
    expect(await list()).toMatchObject({
      referrers: [{ artifactType: 'application/x-test' }],
      looked: [{ answer: '404' }, { answer: '1 listed' }],
      failures: [],
    });
  });

  test('come from both, each once, with what either says of it', async () => {
    await registry.set({ referrersArtifactType: 'missing' });
    const digest = await pushReferrer('a');
    await tagWith({ ...entry('0'), digest, artifactType: 'application/x-test' }, entry('b'));
    expect((await list()).referrers).toEqual([
      {
        mediaType: MANIFEST,
        digest,
        size: expect.any(Number),
        artifactType: 'application/x-test',
      },
      entry('b'),
    ]);
  });

  test('are all pages of the API', async () => {
    await registry.set({ referrersPageSize: 2 });
    const pushed = [
      await pushReferrer('a'),
      await pushReferrer('b'),
      await pushReferrer('c'),
      await pushReferrer('d'),
      await pushReferrer('e'),
    ];
    expect(await listed()).toEqual(pushed);
  });

  test.each(['none', 'refused', 'html'] as const)(
    'are none where the API is %s and nothing is tagged: that is known',
    async (referrers) => {
      await registry.set({ referrers });
      expect(await list()).toMatchObject({
        referrers: [],
        failures: [],
        looked: [
          { answer: { none: '404', refused: '406', html: 'not an index (text/html)' }[referrers] },
          { answer: 'absent' },
        ],
      });
    },
  );

  test.each(['none', 'refused', 'html'] as const)(
    'are found by tag where the API is %s',
    async (referrers) => {
      await registry.set({ referrers });
      await tagWith(entry('a'));
      expect(await listed()).toHaveLength(1);
    },
  );

  test('are not what a registry makes of a tag that looks like a digest', async () => {
    await registry.set({ referrers: 'none', tagResolution: 'digest-like' });
    expect(await list()).toMatchObject({
      referrers: [],
      looked: [{ answer: '404' }, { answer: 'not a list of referrers' }],
      failures: [],
    });
    const { digest } = await pushImage(registry, repository, { platforms: ['linux/amd64'] });
    expect(await listReferrers(connect(registry.host, repository), digest as Digest)).toMatchObject(
      { referrers: [], failures: [] },
    );
  });

  test('are not an image that was pushed under the tag', async () => {
    await pushImage(registry, repository, { tag: fallbackTag(subject), content: 'other' });
    expect((await list()).looked[1]).toMatchObject({ answer: 'not a list of referrers' });
  });
});

describe('a place that cannot be read', () => {
  test.each<[string, string]>([
    ['/referrers/', 'referrers API'],
    ['/manifests/sha256-', 'tag sha256-'],
  ])('is a failure, and the other is read: %s', async (path, place) => {
    await tagWith(entry('a'));
    await registry.fault({ path, action: { status: 500 } });
    const { referrers, looked, failures } = await list();
    expect(referrers).toHaveLength(place.startsWith('tag') ? 0 : 1);
    expect(failures).toMatchObject([{ kind: 'service', code: 'SERVICE_UNREACHABLE' }]);
    expect(looked.filter(({ answer }) => answer === 'could not be read')).toMatchObject([
      { place: expect.stringContaining(place) },
    ]);
  });

  test.each([401, 403])(
    'because it answers %i is a missing right, not an API that is not there',
    async (status) => {
      await registry.fault({ path: '/referrers/', action: { status } });
      expect((await list()).failures).toMatchObject([{ code: 'PERMISSION_REGISTRY' }]);
    },
  );

  test('does not keep the other waiting', async () => {
    await tagWith(entry('a'));
    await registry.fault({ path: '/referrers/', action: { hang: true } });
    const stop = new AbortController();
    const taken: Referrer[] = [];
    const [api, tag] = listEachPlace(
      connect(registry.host, repository),
      subject,
      stop.signal,
      () => ({ take: (referrer) => void taken.push(referrer), end: () => undefined }),
    );
    expect(await tag).toMatchObject({ failures: [] });
    expect(taken).toEqual([entry('a')]);
    stop.abort();
    expect(await api).toMatchObject({ failures: [{}] });
  });
});

describe('a list that is cut short says so', () => {
  const pages = async (
    answer: (page: number) => Answer,
  ): Promise<{ readonly server: Loopback; readonly referrers: Referrers }> => {
    const server = await serve(({ path }) =>
      path.includes('/referrers/')
        ? answer(Number(/page=(\d+)/.exec(path)?.[1] ?? 0))
        : { status: 404 },
    );
    return {
      server,
      referrers: await listReferrers(connect(server.url.host, 'acme/app'), subject),
    };
  };
  const page = (link: string): Answer => ({
    headers: { 'content-type': OCI_INDEX, link: `<${link}>; rel="next"` },
    body: JSON.stringify({ manifests: [entry('a')] }),
  });

  test('when its pages never end', async () => {
    const { server, referrers } = await pages((number) => page(`?page=${number + 1}`));
    expect(server.asked.filter(({ path }) => path.includes('/referrers/'))).toHaveLength(50);
    expect(referrers).toMatchObject({
      referrers: [entry('a')],
      looked: [{ answer: '50 listed (incomplete)' }, {}],
      failures: [
        {
          code: 'LIMIT_EXCEEDED',
          message: `Cannot list all referrers of the image in "${server.url.host}/acme/app": the list has more than 50 pages`,
        },
      ],
    });
  });

  test('when it goes on elsewhere, where nothing is asked', async () => {
    const elsewhere = await serve(() => ({}));
    const { referrers } = await pages(() => page(elsewhere.url.href));
    expect(referrers).toMatchObject({
      referrers: [entry('a')],
      failures: [
        {
          message: expect.stringContaining(
            `page 2 is on another server, "${elsewhere.url.origin}"`,
          ),
        },
      ],
    });
    expect(elsewhere.asked).toEqual([]);
  });

  test('when its next page is nowhere', async () => {
    expect((await pages(() => page('http://['))).referrers).toMatchObject({
      referrers: [entry('a')],
      failures: [{ code: 'SERVICE_ANSWER', message: expect.stringContaining('"http://["') }],
    });
  });

  test.each<[string, Answer]>([
    ['answered 404', { status: 404 }],
    ['page 2 is not an index (text/html)', { headers: { 'content-type': 'text/html' } }],
  ])('when a later page cannot be read: %s', async (state, answer) => {
    const { referrers } = await pages((number) => (number === 0 ? page('?page=1') : answer));
    expect(referrers).toMatchObject({
      referrers: [entry('a')],
      failures: [{ message: expect.stringContaining(state) }],
    });
  });
});

describe('entries', () => {
  test.each<[string, unknown]>([
    ['no object', 'x'],
    ['nothing', null],
    ['without type', { ...entry('a'), mediaType: undefined }],
    ['without digest', { ...entry('a'), digest: undefined }],
    ['with another algorithm', entry('a', { digest: `sha512:${'a'.repeat(128)}` })],
    ['with a digest that leads elsewhere', entry('a', { digest: '../../other/manifests/v1' })],
    ['without size', entry('a', { size: '7' })],
  ])('that are junk are left out: %s', (_, junk) => {
    expect(parseReferrers({ manifests: [junk, entry('b')] })).toEqual([entry('b')]);
  });

  test('keep only what is of the right form', () => {
    expect(
      parseReferrers({
        manifests: [entry('a', { artifactType: 7, annotations: [], urls: ['x'] })],
      }),
    ).toEqual([entry('a')]);
  });

  test.each([undefined, null, [], {}, { manifests: {} }])('of %j are none', (index) =>
    expect(parseReferrers(index)).toEqual([]),
  );
});
