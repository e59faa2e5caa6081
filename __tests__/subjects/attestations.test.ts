// BuildKit's statements about the platforms of an image: which are read, and the limits in number and size.
import { describe, expect, test } from '@jest/globals';

import { INDEX, MANIFEST, putBlob, putManifest } from '../../lab/services/image.ts';
import { serve } from '../../lab/services/loopback.ts';
import { type Digest, digestOf } from '../../src/model/digest.ts';
import { PROVENANCE_TYPE } from '../../src/model/types.ts';
import { readAttestations, type StatedPart } from '../../src/subjects/attestations.ts';
import { connect, problemOf } from '../registry/connect.ts';
import { AMD64, client, type Entry, PLAIN, push, registry } from './tree-fixture.ts';

const IN_TOTO = 'application/vnd.in-toto+json';
const NEVER = new AbortController().signal;
const repository = { registry: registry.host, path: 'acme/app' };

interface Layer {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations: object;
}

/** A statement as the manifest lists it, where nothing else is said. */
async function layerOf(
  text: string,
  said: Partial<Layer> & { type?: string } = {},
): Promise<Layer> {
  const { type = PROVENANCE_TYPE, ...changes } = said;
  const annotations = { 'in-toto.io/predicate-type': type };
  const digest = await putBlob(registry, 'acme/app', text);
  return { mediaType: IN_TOTO, digest, size: Buffer.byteLength(text), annotations, ...changes };
}

/** As the index lists it. */
async function attestation(layers: readonly Layer[]): Promise<Entry> {
  const manifest = { schemaVersion: 2, mediaType: MANIFEST, config: layers[0], layers };
  const bytes = Buffer.from(JSON.stringify(manifest));
  const digest = await putManifest(registry, 'acme/app', bytes, MANIFEST);
  return about({ mediaType: MANIFEST, digest, size: bytes.length });
}

function about(entry: Entry): Entry {
  return {
    ...entry,
    platform: { os: 'unknown', architecture: 'unknown' },
    annotations: {
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': PLAIN.digest,
    },
  };
}

async function statedIn(...attestations: readonly Entry[]): Promise<readonly StatedPart[]> {
  const { digest } = await push([{ ...PLAIN, platform: AMD64 }, ...attestations]);
  return readAttestations(client, { repository, digest: digest as Digest }, NEVER);
}

async function textsIn(...layers: readonly Layer[]): Promise<readonly string[]> {
  const [part] = await statedIn(await attestation(layers));
  return (part?.attestations ?? []).map(({ attested }) => attested.statement.toString());
}

test('reads the provenance of each platform, and no other statement', async () => {
  const layers = [
    await layerOf('{"a":1}'),
    await layerOf('{"b":2}', { type: 'https://slsa.dev/provenance/v0.2' }),
    await layerOf('{"c":3}', { type: 'https://spdx.dev/Document' }),
    await layerOf('{"d":4}', { mediaType: 'text/plain' }),
    await layerOf('{"e":5}', { annotations: {} }),
  ];
  expect(await textsIn(...layers)).toEqual(['{"a":1}', '{"b":2}']);
});

test('reads nothing of an image without an index, or without attestations', async () => {
  const { digest } = PLAIN;
  expect(await readAttestations(client, { repository, digest: digest as Digest }, NEVER)).toEqual(
    [],
  );
  expect(await statedIn()).toMatchObject([{ attestations: [] }]);
});

describe('the limits of attestations', () => {
  /** An index of so many attestation manifests, none of which the registry has. */
  async function listing(count: number): Promise<() => Promise<readonly StatedPart[]>> {
    const missing = Array.from({ length: count }, (_, index) =>
      about({ ...PLAIN, digest: digestOf(Buffer.from(`${index}`)) }),
    );
    const manifests = [{ ...PLAIN, platform: AMD64 }, ...missing];
    const body = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
    const digest = digestOf(body);
    const { url } = await serve(({ path }) =>
      path.endsWith(digest) ? { body, headers: { 'content-type': INDEX } } : { status: 404 },
    );
    const image = { repository: { registry: url.host, path: 'acme/app' }, digest };
    return () => readAttestations(connect(url.host, 'acme/app'), image, NEVER);
  }

  test('allow 64 manifests', async () => {
    expect(await (await listing(64))()).toMatchObject([{ attestations: [] }]);
    expect(await problemOf((await listing(65))())).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: expect.stringContaining('it has 65 attestations'),
      remedy: expect.stringContaining('sign the image itself'),
    });
  });

  test('allow the first 4 statements of a manifest', async () => {
    const layers = await Promise.all([1, 2, 3, 4, 5].map((each) => layerOf(`{"n":${each}}`)));
    expect(await textsIn(...layers)).toEqual([1, 2, 3, 4].map((each) => `{"n":${each}}`));
  });

  test('allow 64 MiB in total', async () => {
    const large = await layerOf(' '.repeat(33 << 20));
    expect(await textsIn(large)).toHaveLength(1);
    const other = await layerOf('x'.repeat(33 << 20));
    expect(await problemOf(textsIn(large, other))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
      message: expect.stringContaining(`attestations of more than ${64 << 20} bytes`),
    });
  });

  test('skip a statement that declares more, and allow no more than a statement declares', async () => {
    expect(await textsIn(await layerOf('{}', { size: (64 << 20) + 1 }))).toEqual([]);
    expect(await textsIn(await layerOf('{}', { size: -1 }))).toEqual([]);
    expect(await problemOf(textsIn(await layerOf('{"a":1}', { size: 6 })))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
  });
});
