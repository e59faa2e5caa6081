// Indexes that are rejected, because a manifest below them does not match its entry.
import { describe, expect, test } from '@jest/globals';

import { serve } from '../../lab/services/loopback.ts';
import { INDEX, MANIFEST, putManifest } from '../../lab/services/image.ts';
import { digestOf } from '../../src/model/digest.ts';
import { DEEPEST, type Leaves, MOST, readImageTree } from '../../src/subjects/image-tree.ts';
import { connect, problemOf } from '../registry/connect.ts';
import { AMD64, BUILT, type Entry, PLAIN, push, read, registry } from './tree-fixture.ts';

async function messageOf(manifests: unknown): Promise<string> {
  return (await problemOf(read(await push(manifests)))).message;
}

/** A registry without checks, which has only the index that it is given. */
async function careless(manifests: unknown): Promise<{
  readonly asked: readonly unknown[];
  readonly read: (leaves: Leaves) => ReturnType<typeof readImageTree>;
}> {
  const body = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
  const digest = digestOf(body);
  const { url, asked } = await serve(({ path }) =>
    path.endsWith(digest) ? { body, headers: { 'content-type': INDEX } } : { status: 404 },
  );
  return { asked, read: (leaves) => readImageTree(connect(url.host, 'acme/app'), digest, leaves) };
}

/** Each contains the one before. */
async function nested(inner: Entry, depth: number): Promise<Entry> {
  return depth === 0 ? inner : push([await nested(inner, depth - 1)]);
}

describe('an index', () => {
  test.each<[string, unknown, string]>([
    ['entries that are not objects', [null], 'it lists something that is not an object'],
    [
      'another digest',
      [{ ...PLAIN, digest: `sha512:${'a'.repeat(128)}` }],
      'without a sha256 digest',
    ],
    [
      'another type',
      [{ ...PLAIN, mediaType: 'text/html' }],
      'as "text/html", which is not a manifest',
    ],
    ['no type', [{ ...PLAIN, mediaType: undefined }], 'as null, which is not a manifest'],
    ['a size over the manifest limit', [{ ...PLAIN, size: 9 << 20 }], 'with the size 9437184'],
    ['a negative size', [{ ...PLAIN, size: -1 }], 'with the size -1'],
    ['a list that is not a list', {}, 'it is neither an index nor the manifest of an image'],
    ['two sizes for one manifest', [PLAIN, { ...PLAIN, size: 7 }], 'it is listed twice'],
  ])('is rejected with %s, before any request for its manifests', async (_, manifests, state) => {
    const { asked, read: readIt } = await careless(manifests);
    expect((await problemOf(readIt('read'))).message).toContain(state);
    expect(asked).toHaveLength(1);
  });

  test('is rejected with a manifest of another size than listed', async () => {
    expect(await messageOf([{ ...PLAIN, size: PLAIN.size + 1 }])).toContain(
      `its index lists ${PLAIN.size + 1} bytes of ${MANIFEST}, and it has ${PLAIN.size} of ${MANIFEST}`,
    );
  });

  test('is rejected with another index listed as an image', async () => {
    const disguised = { ...BUILT, mediaType: MANIFEST, platform: AMD64 };
    expect(await messageOf([disguised])).toContain(`and it has ${BUILT.size} of ${INDEX}`);
  });

  test('is rejected with the media type of an image in its content', async () => {
    const bytes = Buffer.from(JSON.stringify({ mediaType: MANIFEST, manifests: [PLAIN] }));
    const digest = await putManifest(registry, 'acme/app', bytes, MANIFEST);
    expect((await problemOf(read({ digest }))).message).toContain(
      'neither an index nor the manifest',
    );
  });

  test('is rejected with bytes that do not match a digest, at any level', async () => {
    await registry.fault({ path: PLAIN.digest, action: { corrupt: true } });
    const root = await push([BUILT, PLAIN]);
    expect(await problemOf(read(root))).toMatchObject({ code: 'DIGEST_MISMATCH' });
  });

  test('is rejected with a manifest that the registry does not have', async () => {
    const { digest } = PLAIN;
    await registry.fault({ method: 'GET', path: digest, action: { status: 404 } });
    const root = await push([PLAIN]);
    expect(await problemOf(read(root))).toMatchObject({
      kind: 'input',
      code: 'SUBJECT_MISSING',
      message: `Cannot find ${digest}, which index ${root.digest} lists: "${registry.host}/acme/app" has no such manifest`,
    });
    expect(await problemOf(read(PLAIN))).toMatchObject({
      code: 'SUBJECT_MISSING',
      message: `Cannot find ${digest}: "${registry.host}/acme/app" has no such manifest`,
    });
  });

  test.each<Leaves>(['read', 'as listed'])(
    'is rejected if it is too deep; leaves %s',
    async (leaves) => {
      expect(await read(await nested(PLAIN, DEEPEST), leaves)).toHaveLength(DEEPEST + 1);
      const deeper = await nested(PLAIN, DEEPEST + 1);
      expect(await problemOf(read(deeper, leaves))).toMatchObject({
        code: 'LIMIT_EXCEEDED',
        message: expect.stringContaining(`indexes more than ${DEEPEST} levels deep`),
      });
    },
  );

  test('is rejected with too many manifests', async () => {
    const many = Array.from({ length: MOST }, (_, index) => ({
      ...PLAIN,
      digest: digestOf(Buffer.from(String(index))),
    }));
    const allowed = await careless(many.slice(1));
    expect(await allowed.read('as listed')).toHaveLength(MOST);
    const tooMany = await careless(many);
    expect(await problemOf(tooMany.read('as listed'))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: expect.stringContaining(`it has more than ${MOST} manifests`),
    });
  });
});
