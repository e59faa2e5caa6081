// The manifests below an index, each once, by digest.
import { describe, expect, test } from '@jest/globals';

import { MANIFEST, putManifest } from '../../lab/services/image.ts';
import type { Leaves } from '../../src/subjects/image-tree.ts';
import {
  AMD64,
  built,
  BUILT,
  type Entry,
  plain,
  PLAIN,
  push,
  read,
  registry,
} from './tree-fixture.ts';

const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

async function rolesOf(entry: Entry, leaves?: Leaves): Promise<readonly (readonly unknown[])[]> {
  const tree = await read(entry, leaves);
  return tree.map(({ digest, role }) => [digest, role]);
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
    'contains itself, its platforms and the attestation of each; leaves %s',
    async (leaves) => {
      expect(await rolesOf(BUILT, leaves)).toEqual(roles);
      const [root, ...below] = await read(BUILT, leaves);
      expect(root).toEqual({ ...BUILT, role: { kind: 'index' }, path: [] });
      expect(below.map(({ path }) => path)).toEqual(below.map(() => [built.digest]));
    },
  );

  test('takes one request if it is trusted by its digest', async () => {
    await read(BUILT, 'as listed');
    expect((await registry.requests()).map(({ path }) => path)).toEqual([
      `/v2/acme/app/manifests/${built.digest}`,
    ]);
  });

  test('takes two round trips if each manifest is read', async () => {
    const delay = 1000;
    await registry.fault({ path: '/manifests/', action: { delay } });
    const started = performance.now();
    await read(BUILT, 'read');
    expect(performance.now() - started).toBeLessThan(4 * delay);
    expect(await registry.requests()).toHaveLength(5);
  });
});

test('contains only itself for an image without platforms', async () => {
  expect(await rolesOf(PLAIN)).toEqual([[plain.digest, { kind: 'platform' }]]);
});

test('contains every manifest of nested indexes once', async () => {
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

test("accepts Docker's own media types", async () => {
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
    ['that a client can run', { annotations, platform: AMD64 }],
    ['without a digest', { annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } }],
    ['with another type', { annotations: { ...annotations, 'vnd.docker.reference.type': 'x' } }],
  ])('is not a manifest %s', async (_, entry) => {
    expect(await roleOf({ ...PLAIN, ...entry })).toMatchObject({ kind: 'platform' });
  });

  test('is a platform if it is also listed as one', async () => {
    const runnable = { ...PLAIN, platform: AMD64 };
    const role = { kind: 'platform', platform: AMD64 };
    expect(await roleOf({ ...PLAIN, annotations }, runnable)).toEqual(role);
    expect(await roleOf(runnable, { ...PLAIN, annotations })).toEqual(role);
  });
});
