// The referrers of a manifest, in registries with and without the API.
import { describe, expect, test } from '@jest/globals';

import type { Digest } from '../../src/model/digest.ts';
import { EMPTY_CONFIG, OCI_INDEX } from '../../src/registry/media-types.ts';
import { fallbackTag, type Referrer } from '../../src/registry/referrer.ts';
import { listEachPlace } from '../../src/registry/referrers.ts';
import { INDEX, MANIFEST, pushImage, putBlob, putManifest } from '../../lab/services/image.ts';
import { connect } from './connect.ts';
import { listReferrers } from './list-referrers.ts';
import { entry, list, listed, registry, repository, subject } from './referrers-fixture.ts';

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
  test('are read from the API, with their type', async () => {
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

  test('are read from the tag', async () => {
    await registry.set({ referrers: 'none' });
    await tagWith(entry('a', { artifactType: 'application/x-test' }));
    expect(await list()).toMatchObject({
      referrers: [{ artifactType: 'application/x-test' }],
      looked: [{ answer: '404' }, { answer: '1 listed' }],
      failures: [],
    });
  });

  test('are combined from both, each once, with the fields of either', async () => {
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

  test('are read from all pages of the API', async () => {
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

  test.each([400, 404, 405, 406, 415, 501])(
    'are known to be none if the API answers %i and there is no tag',
    async (status) => {
      await registry.fault({ path: '/referrers/', action: { status } });
      expect(await list()).toMatchObject({
        referrers: [],
        failures: [],
        looked: [{ answer: String(status) }, { answer: 'absent' }],
      });
    },
  );

  test('may be incomplete if the API answers with a web page', async () => {
    await registry.set({ referrers: 'html' });
    await tagWith(entry('a'));
    expect(await list()).toMatchObject({
      referrers: [entry('a')],
      failures: [
        { message: expect.stringMatching(/: the response is not an index \(text\/html\)$/) },
      ],
      looked: [{ answer: 'not an index (text/html)' }, { answer: '1 listed' }],
    });
  });

  test.each(['none', 'refused', 'html'] as const)(
    'are read from the tag if the API is %s',
    async (referrers) => {
      await registry.set({ referrers });
      await tagWith(entry('a'));
      expect(await listed()).toHaveLength(1);
    },
  );

  test('are not read from a tag that only looks like a digest', async () => {
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

  test('do not include an image that was pushed to the tag', async () => {
    await pushImage(registry, repository, { tag: fallbackTag(subject), content: 'other' });
    expect((await list()).looked[1]).toMatchObject({ answer: 'not a list of referrers' });
  });
});

describe('a source of referrers that cannot be read', () => {
  test.each<[string, string]>([
    ['/referrers/', 'referrers API'],
    ['/manifests/sha256-', 'tag sha256-'],
  ])('is a failure, and the other one is read: %s', async (path, place) => {
    await tagWith(entry('a'));
    await registry.fault({ path, action: { status: 500 } });
    const { referrers, looked, failures } = await list();
    expect(referrers).toHaveLength(place.startsWith('tag') ? 0 : 1);
    expect(failures).toMatchObject([{ kind: 'service', code: 'SERVICE_UNREACHABLE' }]);
    expect(looked.filter(({ answer }) => answer === 'could not be read')).toMatchObject([
      { place: expect.stringContaining(place) },
    ]);
  });

  test('is a failure if the content of the tag is not that of its digest', async () => {
    await registry.fault({
      path: '/manifests/sha256-',
      action: {
        status: 200,
        headers: { 'Content-Type': INDEX, 'Docker-Content-Digest': subject },
        body: JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [entry('a')] }),
      },
    });
    expect((await list()).failures).toMatchObject([{ code: 'DIGEST_MISMATCH' }]);
  });

  test.each([401, 403])('is a missing permission with %i, not a missing API', async (status) => {
    await registry.fault({ path: '/referrers/', action: { status } });
    expect((await list()).failures).toMatchObject([{ code: 'PERMISSION_REGISTRY' }]);
  });

  test('does not delay the other one', async () => {
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
