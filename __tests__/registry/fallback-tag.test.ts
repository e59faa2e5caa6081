// The list of referrers in a tag: what is written, and which errors occur. Concurrent writers are in fallback-tag-races.test.ts.
import { beforeEach, describe, expect, test } from '@jest/globals';

import type { Digest } from '../../src/model/digest.ts';
import { readManifest } from '../../src/registry/content.ts';
import { OCI_INDEX, OCI_MANIFEST } from '../../src/registry/media-types.ts';
import { INDEX, pushImage, putManifest } from '../../lab/services/image.ts';
import { connect, problemOf } from './connect.ts';
import { AT_ONCE, entry, PATIENT, tagFixture } from './tag-fixture.ts';
import { addAt, list } from './scripted-tag.ts';

const fixture = await tagFixture();

describe('entries in a fallback tag', () => {
  test('create a list if there is none, all of them in one update', async () => {
    await fixture.add([entry(1), entry(2)]);
    expect(await fixture.text()).toBe(
      JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [entry(1), entry(2)] }),
    );
    expect(await fixture.requests('PUT')).toHaveLength(1);
  });

  test('are not written again if they are listed', async () => {
    await fixture.add([entry(1)]);
    await fixture.registry.clear();
    await fixture.add([entry(1)]);
    expect(await fixture.requests('PUT')).toEqual([]);
    await fixture.add([entry(1), entry(2)]);
    expect(await fixture.listed()).toEqual([entry(2).digest, entry(1).digest]);
  });

  test('are added before the entries of others, which stay unchanged byte for byte', async () => {
    const [before, after] = [
      '{"annotations": {"k":"v"}, "manifests":[',
      '{"digest":"sha256:0","size":1.50,"x":{"z":1,"a":[null]}} ,"junk",null,{"mediaType":"text/plain","annotations":{"\\u00e4":"\\"<"}}],"mediaType":"' +
        INDEX +
        '","schemaVersion":2}',
    ];
    await putManifest(
      fixture.registry,
      fixture.repository,
      Buffer.from(before + after),
      INDEX,
      fixture.tag,
    );
    await fixture.add([entry(1)]);
    expect(await fixture.text()).toBe(`${before}${JSON.stringify(entry(1))},${after}`);
  });

  test('of many images at once cause no more reads than those of one', async () => {
    await fixture.add([entry(1)], { timing: PATIENT, share: 100 });
    expect((await fixture.requests('GET')).length).toBe(3);
  });
});

describe('a tag that does not exist, for which the registry returns the image itself', () => {
  beforeEach(() => fixture.registry.set({ tagResolution: 'digest-like' }));

  test('is written', async () => {
    await fixture.add([entry(1)]);
    expect(await fixture.listed()).toEqual([entry(1).digest]);
  });

  test.each(['none', 'etag', 'honoured'] as const)(
    'does not add to the image if that is an index, with conditions: %s',
    async (conditions) => {
      const { registry, repository } = fixture;
      const image = await pushImage(registry, repository, { platforms: ['linux/amd64'] });
      fixture.subject = image.digest as Digest;
      await registry.set({ conditions });
      await fixture.add([entry(1)]);
      expect(await fixture.listed()).toEqual([entry(1).digest]);
      const client = connect(registry.host, repository);
      expect((await readManifest(client, image.digest))?.bytes).toEqual(image.bytes);
    },
  );

  test('is reported if the registry returns the image after the write, too', async () => {
    const client = connect(fixture.registry.host, fixture.repository);
    const image = await readManifest(client, fixture.subject);
    if (!image) throw new RangeError('no image');
    const headers = { 'content-type': image.mediaType };
    await fixture.registry.fault({
      method: 'GET',
      path: `/manifests/${fixture.tag}`,
      action: { status: 200, headers, body: image.bytes.toString() },
    });
    expect(await problemOf(fixture.add([entry(1)]))).toMatchObject({
      code: 'STORE_UNLISTED',
      message: expect.stringMatching(/it is stored, but tag .* has not listed it after 3 writes/),
    });
  });
});

describe('a tag that is not a list', () => {
  test('is not changed if someone pushed an image to it', async () => {
    const { registry, repository, tag } = fixture;
    await pushImage(registry, repository, { tag, content: 'other' });
    await registry.clear();
    expect(await problemOf(fixture.add([entry(1)]))).toMatchObject({
      code: 'STORE_UNLISTED',
      message: expect.stringContaining(`it holds ${OCI_MANIFEST}`),
    });
    expect(await fixture.requests('PUT')).toEqual([]);
  });
});

describe('a rejected write', () => {
  const immutable =
    'if the registry makes tags immutable, exclude tags that begin with "sha256-" from the rule; otherwise ';

  test('of an immutable tag is a permission error and names what is stored and the rule to change', async () => {
    await fixture.replace([]);
    await fixture.registry.set({ tags: 'immutable' });
    const { kind, code, message, remedy } = await problemOf(fixture.add([entry(1)]));
    expect([kind, code]).toEqual(['permission', 'PERMISSION_REGISTRY']);
    expect(message).toBe(
      `Cannot list the signature in "${fixture.registry.host}/${fixture.repository}": it is stored as ${entry(1).digest}, but tag ${fixture.tag} does not list it (Cannot write the manifest ${fixture.tag} to "${fixture.registry.host}/${fixture.repository}": PUT /v2/${fixture.repository}/manifests/${fixture.tag} answered 403 DENIED)`,
    );
    expect(remedy).toContain('exclude tags that begin with "sha256-"');
  });

  test.each([
    [400, false],
    [401, false],
    [403, false],
    [405, true],
    [409, true],
    [412, true],
    [422, true],
    [413, false],
  ] as const)('%i of a first write mentions immutable tags: %s', async (status, speaksOfThem) => {
    const { adding } = await addAt(({ method }) => ({ status: method === 'PUT' ? status : 404 }), {
      ...AT_ONCE,
      lag: 0,
    });
    const { message, remedy } = await problemOf(adding);
    expect(message).toContain(`answered ${status}`);
    expect(remedy.startsWith(immutable)).toBe(speaksOfThem);
  });

  test.each([400, 401, 403, 405, 409, 412, 422])(
    '%i of a change mentions immutable tags',
    async (status) => {
      const { adding } = await addAt(({ method }) => (method === 'PUT' ? { status } : list()));
      expect((await problemOf(adding)).remedy.startsWith(immutable)).toBe(true);
    },
  );

  test('for its size is reported before the request is sent', async () => {
    const filler = { ...entry(2), annotations: { a: 'x'.repeat(4_194_000) } };
    const { asked, adding } = await addAt(() => list(JSON.stringify({ manifests: [filler] })));
    expect(await problemOf(adding)).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: expect.stringMatching(/would grow to 419\d{4} bytes of 4194304\)$/),
      remedy: 'remove old referrers of this image',
    });
    expect(asked.map(({ method }) => method)).toEqual(['GET']);
  });
});
