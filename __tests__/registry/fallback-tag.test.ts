// The list of referrers in a tag, which several writers change at once and no registry locks.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Digest } from '../../src/model/digest.ts';
import { readManifest } from '../../src/registry/content.ts';
import { listInFallbackTag } from '../../src/registry/fallback-tag.ts';
import { OCI_INDEX, OCI_MANIFEST } from '../../src/registry/media-types.ts';
import { fallbackTag, type Referrer } from '../../src/registry/referrer.ts';
import { listReferrers } from '../../src/registry/referrers.ts';
import { type Answer, type Asked, serve } from '../loopback.ts';
import { INDEX, pushImage, putManifest } from '../services/image.ts';
import { defaultSettings, type RegistrySettings } from '../services/registry/settings.ts';
import { startRegistry } from '../services/start.ts';
import { connect, problemOf } from './connect.ts';

const bare: RegistrySettings = { ...defaultSettings, referrers: 'none', references: 'unchecked' };
const registry = await startRegistry(bare);
let repository = '';
let subject: Digest;
let count = 0;

beforeEach(async () => {
  await registry.set(bare);
  repository = `acme/app-${String((count += 1))}`;
  subject = (await pushImage(registry, repository)).digest as Digest;
  await registry.clear();
});
afterAll(() => registry.stop());

const entry = (digit: number): Referrer => ({
  mediaType: OCI_MANIFEST,
  digest: `sha256:${String(digit).repeat(64)}`,
  size: 7,
  artifactType: 'application/x-test',
  annotations: { a: 'b' },
});
const add = (...entries: readonly Referrer[]): Promise<void> =>
  listInFallbackTag(connect(registry.host, repository), subject, entries);
const tagWith = (index: object): Promise<string> =>
  putManifest(registry, repository, index, INDEX, fallbackTag(subject));
const listed = async (): Promise<readonly string[]> =>
  (await listReferrers(connect(registry.host, repository), subject)).referrers.map(
    ({ digest }) => digest,
  );
const writes = async (): Promise<number> =>
  (await registry.requests()).filter(({ method }) => method === 'PUT').length;

describe('entries', () => {
  test('make a list where there is none, all of them in one update', async () => {
    await add(entry(1), entry(2));
    const manifest = await readManifest(connect(registry.host, repository), fallbackTag(subject));
    expect(manifest?.bytes.toString()).toBe(
      JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [entry(1), entry(2)] }),
    );
    expect(await writes()).toBe(1);
  });

  test('that are listed are not listed again, and nothing is written for them', async () => {
    await add(entry(1));
    await registry.clear();
    await add(entry(1));
    expect(await writes()).toBe(0);
    await add(entry(1), entry(2));
    expect(await listed()).toEqual([entry(1).digest, entry(2).digest]);
  });

  test('of others stay as they are and where they are, junk and unknown fields too', async () => {
    const foreign =
      '[{"digest":"sha256:0","size":1.5,"x":{"z":1,"a":[null]}},"junk",null,{"mediaType":"text/plain","annotations":{"\\u00e4":"\\"<"}}]';
    await putManifest(
      registry,
      repository,
      Buffer.from(
        `{"annotations":{"k":"v"},"manifests":${foreign},"mediaType":"${INDEX}","schemaVersion":2}`,
      ),
      INDEX,
      fallbackTag(subject),
    );
    await add(entry(1));
    const text = (
      await readManifest(connect(registry.host, repository), fallbackTag(subject))
    )?.bytes.toString();
    expect(text).toContain(
      JSON.stringify(JSON.parse(foreign)).slice(0, -1) + `,${JSON.stringify(entry(1))}]`,
    );
    expect(text).toContain('"annotations":{"k":"v"}');
  });
});

describe('several writers at once', () => {
  test.each([1, 2, 3, 4, 5])(
    'all end up in the list: round %i',
    async () => {
      const entries = [1, 2, 3, 4, 5, 6, 7, 8].map(entry);
      await Promise.all(entries.map((each) => add(each)));
      expect([...(await listed())].sort()).toEqual(entries.map(({ digest }) => digest));
    },
    15_000,
  );

  test('do not replace each other where the registry knows conditions', async () => {
    await registry.set({ conditions: 'honoured' });
    const entries = [1, 2, 3, 4].map(entry);
    await add(entry(0));
    await registry.clear();
    await Promise.all(entries.map((each) => add(each)));
    expect(await listed()).toHaveLength(5);
    const conditional = (await registry.requests()).filter(({ method }) => method === 'PUT');
    expect(conditional.every(({ headers }) => headers['if-match']?.startsWith('"sha256:'))).toBe(
      true,
    );
    expect(conditional.filter(({ status }) => status === 201)).toHaveLength(4);
  }, 15_000);

  test('that know nothing of each other are waited for: an entry that is taken away soon after is put back', async () => {
    const other = add(entry(1));
    await new Promise((resolve) => setTimeout(resolve, 60));
    await tagWith({ schemaVersion: 2, mediaType: INDEX, manifests: [entry(2)] });
    await other;
    expect([...(await listed())].sort()).toEqual([entry(1).digest, entry(2).digest]);
  });

  test('that never give way are an error with the tag in it', async () => {
    const index = JSON.stringify({ mediaType: OCI_INDEX, manifests: [] });
    const answer = ({ method }: Asked): Answer =>
      method === 'PUT' ? { status: 201 } : { headers: { 'content-type': OCI_INDEX }, body: index };
    const server = await serve(answer);
    const { code, message, remedy } = await problemOf(
      listInFallbackTag(connect(server.url.host, 'acme/app'), subject, [entry(1)]),
    );
    expect([code, message]).toEqual([
      'STORE_UNLISTED',
      `Cannot list the signature in "${server.url.host}/acme/app": other writers replaced the tag ${fallbackTag(subject)} 8 times`,
    ]);
    expect(remedy).toContain('the signature is stored, but nothing finds it yet');
    expect(server.asked.filter(({ method }) => method === 'PUT')).toHaveLength(8);
  });
});

describe('a tag that is no list is left alone', () => {
  test('where the registry answers it with the image', async () => {
    await registry.set({ tagResolution: 'digest-like' });
    expect(await problemOf(add(entry(1)))).toMatchObject({
      code: 'STORE_UNLISTED',
      message: expect.stringContaining(
        `tag ${fallbackTag(subject)} is not a list of referrers, the registry answers it with the image itself`,
      ),
      remedy: expect.stringContaining('"stores: github"'),
    });
    expect(await writes()).toBe(0);
  });

  test('where the image is an index: appending would change the image', async () => {
    subject = (await pushImage(registry, repository, { platforms: ['linux/amd64'] }))
      .digest as Digest;
    await registry.set({ tagResolution: 'digest-like' });
    await registry.clear();
    expect(await problemOf(add(entry(1)))).toMatchObject({
      code: 'STORE_UNLISTED',
      message: expect.stringContaining('with the image itself'),
    });
    expect(await writes()).toBe(0);
  });

  test('where somebody has pushed an image under it', async () => {
    await pushImage(registry, repository, { tag: fallbackTag(subject), content: 'other' });
    await registry.clear();
    expect(await problemOf(add(entry(1)))).toMatchObject({
      code: 'STORE_UNLISTED',
      message: expect.stringContaining(`it holds ${OCI_MANIFEST}`),
    });
    expect(await writes()).toBe(0);
  });
});

test('a tag that must not change is an error that says which rule to change', async () => {
  await tagWith({ schemaVersion: 2, mediaType: INDEX, manifests: [] });
  await registry.set({ tags: 'immutable' });
  const { code, message, remedy } = await problemOf(add(entry(1)));
  expect(code).toBe('PERMISSION_REGISTRY');
  expect(message).toContain(
    `PUT /v2/${repository}/manifests/${fallbackTag(subject)} answered 403 DENIED`,
  );
  expect(remedy).toContain('exclude tags that begin with "sha256-"');
});

test.each([400, 401, 403, 405, 409, 412])(
  'and so does one that is refused with %i, but not where there was no tag',
  async (status) => {
    const refusing = async (tag: Answer): Promise<string> => {
      const server = await serve(({ method }) => (method === 'PUT' ? { status } : tag));
      return (
        await problemOf(
          listInFallbackTag(connect(server.url.host, 'acme/app'), subject, [entry(1)]),
        )
      ).remedy;
    };
    const immutable =
      'if the registry makes tags immutable, exclude tags that begin with "sha256-" from the rule; else ';
    const other = await refusing({ status: 404 });
    expect(other).not.toContain('immutable');
    expect(
      (
        await refusing({
          headers: { 'content-type': OCI_INDEX },
          body: JSON.stringify({ mediaType: OCI_INDEX, manifests: [] }),
        })
      ).replace(/127[\d.:]+/, ''),
    ).toBe(immutable + other.replace(/127[\d.:]+/, ''));
  },
);

test('a list that would be larger than a registry must take is not written', async () => {
  const filler = { ...entry(1), annotations: { a: 'x'.repeat(4_194_000) } };
  const server = await serve(() => ({
    headers: { 'content-type': OCI_INDEX },
    body: JSON.stringify({ mediaType: OCI_INDEX, manifests: [filler] }),
  }));
  expect(
    await problemOf(listInFallbackTag(connect(server.url.host, 'acme/app'), subject, [entry(2)])),
  ).toMatchObject({
    code: 'LIMIT_EXCEEDED',
    message: expect.stringMatching(/would grow to 419\d{4} bytes of 4194304$/),
    remedy: 'remove old referrers of this image',
  });
  expect(server.asked.map(({ method }) => method)).toEqual(['GET']);
});
