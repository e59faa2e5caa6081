// What is below an index: every manifest once, by digest, and nothing that is not what its index says.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { serve } from '../../lab/services/loopback.ts';
import { INDEX, MANIFEST, pushImage, putManifest } from '../../lab/services/image.ts';
import { startRegistry } from '../../lab/services/start.ts';
import { type Digest, digestOf } from '../../src/model/digest.ts';
import { DEEPEST, type Leaves, MOST, readImageTree } from '../../src/subjects/image-tree.ts';
import { connect, problemOf } from '../registry/connect.ts';

const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const AMD64 = { os: 'linux', architecture: 'amd64' };

const registry = await startRegistry();
const client = connect(registry.host, 'acme/app');
const built = await pushImage(registry, 'acme/app', {
  platforms: ['linux/amd64', 'linux/arm/v7'],
});
const plain = await pushImage(registry, 'acme/app', { content: 'plain' });

beforeEach(async () => {
  await Promise.all([registry.clear(), registry.mend()]);
});
afterAll(() => registry.stop());

interface Entry {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: object;
  readonly annotations?: object;
}

const PLAIN: Entry = { mediaType: MANIFEST, digest: plain.digest, size: plain.bytes.length };
const BUILT: Entry = { mediaType: INDEX, digest: built.digest, size: built.bytes.length };

async function push(manifests: unknown, mediaType = INDEX): Promise<Entry> {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests }));
  const digest = await putManifest(registry, 'acme/app', bytes, mediaType);
  return { mediaType, digest, size: bytes.length };
}

const read = (
  { digest }: Pick<Entry, 'digest'>,
  leaves: Leaves = 'read',
): ReturnType<typeof readImageTree> => readImageTree(client, digest as Digest, leaves);

async function rolesOf(entry: Entry, leaves?: Leaves): Promise<readonly (readonly unknown[])[]> {
  const tree = await read(entry, leaves);
  return tree.map(({ digest, role }) => [digest, role]);
}

async function messageOf(manifests: unknown): Promise<string> {
  return (await problemOf(read(await push(manifests)))).message;
}

/** A registry that looks at nothing: it has the one index that it is told to have. */
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

/** Each around the one before. */
async function nested(inner: Entry, depth: number): Promise<Entry> {
  return depth === 0 ? inner : push([await nested(inner, depth - 1)]);
}

describe('an index of BuildKit', () => {
  const { platforms, attestations } = built;
  const [amd64, arm] = [platforms['linux/amd64'], platforms['linux/arm/v7']];
  const roles = [
    [built.digest, { kind: 'index' }],
    [amd64, { kind: 'platform', platform: AMD64 }],
    [arm, { kind: 'platform', platform: { os: 'linux', architecture: 'arm', variant: 'v7' } }],
    [attestations['linux/amd64'], { kind: 'attestation', of: amd64 }],
    [attestations['linux/arm/v7'], { kind: 'attestation', of: arm }],
  ];

  test.each<Leaves>(['read', 'as listed'])(
    'is itself, its platforms, and the attestation of each; leaves %s',
    async (leaves) => {
      expect(await rolesOf(BUILT, leaves)).toEqual(roles);
      const [root, ...below] = await read(BUILT, leaves);
      expect(root).toEqual({ ...BUILT, role: { kind: 'index' }, path: [] });
      expect(below.map(({ path }) => path)).toEqual(below.map(() => [built.digest]));
    },
  );

  test('is one request where its own digest vouches for what it lists', async () => {
    await read(BUILT, 'as listed');
    expect((await registry.requests()).map(({ path }) => path)).toEqual([
      `/v2/acme/app/manifests/${built.digest}`,
    ]);
  });

  test('is two round trips where each manifest is read', async () => {
    const delay = 150;
    await registry.fault({ path: '/manifests/', action: { delay } });
    const started = performance.now();
    await read(BUILT, 'read');
    expect(performance.now() - started).toBeLessThan(4 * delay);
    expect(await registry.requests()).toHaveLength(5);
  });
});

test('one image is a tree of one', async () => {
  expect(await rolesOf(PLAIN)).toEqual([[plain.digest, { kind: 'platform' }]]);
});

test('indexes in an index are walked through, and every digest is there once', async () => {
  const list = await push([{ ...PLAIN, platform: AMD64 }, PLAIN], DOCKER_LIST);
  const root = await push([BUILT, list, PLAIN, BUILT]);
  const tree = await read(root);
  expect(tree.map(({ digest }) => digest)).toEqual([
    root.digest,
    built.digest,
    list.digest,
    plain.digest,
    ...Object.values(built.platforms),
    ...Object.values(built.attestations),
  ]);
  expect(tree.at(-1)?.path).toEqual([root.digest, built.digest]);
});

test("Docker's own media types are an image as well", async () => {
  const bytes = Buffer.from(plain.bytes.toString().replace(MANIFEST, DOCKER_MANIFEST));
  const digest = await putManifest(registry, 'acme/app', bytes, DOCKER_MANIFEST);
  const entry = { mediaType: DOCKER_MANIFEST, digest, size: bytes.length, platform: AMD64 };
  const list = await push([entry], DOCKER_LIST);
  expect(await rolesOf(list)).toEqual([
    [list.digest, { kind: 'index' }],
    [digest, { kind: 'platform', platform: AMD64 }],
  ]);
});

describe('an attestation manifest', () => {
  const annotations = {
    'vnd.docker.reference.type': 'attestation-manifest',
    'vnd.docker.reference.digest': built.digest,
  };
  const NOWHERE = { os: 'unknown', architecture: 'unknown' };
  const roleOf = async (...entries: readonly Entry[]): Promise<unknown> =>
    (await read(await push(entries)))[1]?.role;

  test('has annotations and no platform', async () => {
    const role = { kind: 'attestation', of: built.digest };
    expect(await roleOf({ ...PLAIN, annotations })).toEqual(role);
    expect(await roleOf({ ...PLAIN, annotations, platform: NOWHERE })).toEqual(role);
  });

  test.each<[string, Partial<Entry>]>([
    ['what a client may run', { annotations, platform: AMD64 }],
    [
      'what has no digest',
      { annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } },
    ],
    [
      'what has another type',
      { annotations: { ...annotations, 'vnd.docker.reference.type': 'x' } },
    ],
  ])('is not %s', async (_, entry) => {
    expect(await roleOf({ ...PLAIN, ...entry })).toMatchObject({ kind: 'platform' });
  });

  test('is none that is listed to be run, too', async () => {
    const runnable = { ...PLAIN, platform: AMD64 };
    const role = { kind: 'platform', platform: AMD64 };
    expect(await roleOf({ ...PLAIN, annotations }, runnable)).toEqual(role);
    expect(await roleOf(runnable, { ...PLAIN, annotations })).toEqual(role);
  });
});

describe('refused is', () => {
  test.each<[string, unknown, string]>([
    ['what lists no objects', [null], 'it lists something that is not an object'],
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
    ['a size beyond every manifest', [{ ...PLAIN, size: 9 << 20 }], 'with the size 9437184'],
    ['a negative size', [{ ...PLAIN, size: -1 }], 'with the size -1'],
    ['a list that is none', {}, 'it is neither an index nor the manifest of an image'],
    ['two sizes of one manifest', [PLAIN, { ...PLAIN, size: 7 }], 'it is listed twice'],
  ])('%s, before anything below it is asked for', async (_, manifests, state) => {
    const { asked, read: readIt } = await careless(manifests);
    expect((await problemOf(readIt('read'))).message).toContain(state);
    expect(asked).toHaveLength(1);
  });

  test('a manifest of another size than listed', async () => {
    expect(await messageOf([{ ...PLAIN, size: PLAIN.size + 1 }])).toContain(
      `its index lists ${PLAIN.size + 1} bytes of ${MANIFEST}, and it has ${PLAIN.size} of ${MANIFEST}`,
    );
  });

  test('an index that is listed as an image', async () => {
    const disguised = { ...BUILT, mediaType: MANIFEST, platform: AMD64 };
    expect(await messageOf([disguised])).toContain(`and it has ${BUILT.size} of ${INDEX}`);
  });

  test('an index whose own media type is that of an image', async () => {
    const bytes = Buffer.from(JSON.stringify({ mediaType: MANIFEST, manifests: [PLAIN] }));
    const digest = await putManifest(registry, 'acme/app', bytes, MANIFEST);
    expect((await problemOf(read({ digest }))).message).toContain(
      'neither an index nor the manifest',
    );
  });

  test('bytes of another digest, at any level', async () => {
    await registry.fault({ path: PLAIN.digest, action: { corrupt: true } });
    const root = await push([BUILT, PLAIN]);
    expect(await problemOf(read(root))).toMatchObject({ code: 'DIGEST_MISMATCH' });
  });

  test('a manifest that the registry does not have', async () => {
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

  test.each<Leaves>(['read', 'as listed'])('what is too deep; leaves %s', async (leaves) => {
    expect(await read(await nested(PLAIN, DEEPEST), leaves)).toHaveLength(DEEPEST + 1);
    const deeper = await nested(PLAIN, DEEPEST + 1);
    expect(await problemOf(read(deeper, leaves))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: expect.stringContaining(`indexes more than ${DEEPEST} levels deep`),
    });
  });

  test('what has too many manifests', async () => {
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
