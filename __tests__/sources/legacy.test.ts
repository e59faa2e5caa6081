// Signatures in the tags `.sig` and `.att` of cosign v2, found within limits that no descriptor can raise.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Digest } from '../../src/model/digest.ts';
import { attestedSource } from '../../src/sources/attested.ts';
import { legacySource } from '../../src/sources/legacy.ts';
import { connect } from '../registry/connect.ts';
import { MANIFEST, pushImage, putBlob, putManifest } from '../../lab/services/image.ts';
import { startRegistry } from '../../lab/services/start.ts';
import { until } from '../../lab/services/until.ts';
import { type Collected, collect } from './collect.ts';

const TYPE = 'application/vnd.dev.cosign.simplesigning.v1+json';
const MEBIBYTE = 1 << 20;
const registry = await startRegistry({ references: 'unchecked' });
let repository = '';
let digest: Digest;
let count = 0;

beforeEach(async () => {
  await registry.mend();
  repository = `acme/app-${String((count += 1))}`;
  digest = (await pushImage(registry, repository)).digest as Digest;
});
afterAll(() => registry.stop());

interface Listed {
  readonly content: string;
  /** Declared for the layer, instead of the real one. */
  readonly size?: unknown;
  readonly mediaType?: string;
  readonly annotations?: object;
}

async function put(layers: readonly Listed[], suffix = 'sig'): Promise<void> {
  const listed = await Promise.all(
    layers.map(async ({ content, ...said }) => ({
      mediaType: TYPE,
      digest: await putBlob(registry, repository, content),
      size: content.length,
      ...said,
    })),
  );
  await putManifest(
    registry,
    repository,
    { schemaVersion: 2, mediaType: MANIFEST, layers: listed },
    MANIFEST,
    `${digest.replace(':', '-')}.${suffix}`,
  );
  await registry.clear();
}

function find(signal = new AbortController().signal): Promise<Collected> {
  const subject = { repository: { registry: registry.host, path: repository }, digest };
  const source = legacySource(() => connect(registry.host, repository), { used: 0 });
  return collect(source.find(subject, signal));
}

const layersFound = ({ found }: Collected): readonly string[] =>
  found.map(({ layer }) => layer?.toString() ?? '');
const blobsRead = async (): Promise<number> =>
  (await registry.requests()).filter(({ path }) => path.includes('/blobs/')).length;

test('keeps the bytes of a layer on an attestation manifest', async () => {
  await put([{ content: 'signature' }]);
  const [alone] = (await find()).found;
  const subject = { repository: { registry: registry.host, path: repository }, digest };
  const attested = { image: digest, manifest: Buffer.from('{}'), statement: Buffer.from('{}') };
  const source = attestedSource(
    legacySource(() => connect(registry.host, repository), { used: 0 }),
    { subject, attested },
  );
  const { found } = await collect(source.find(subject, new AbortController().signal));
  expect(found).toEqual([{ ...alone, attested }]);
  expect(found[0]?.json.equals(alone?.json ?? Buffer.alloc(0))).toBe(true);
  expect(found[0]?.layer?.toString()).toBe('signature');
});

test('finds layers in both tags, with their place', async () => {
  await put([{ content: 'other', mediaType: 'text/plain' }, { content: 'signature' }]);
  await put([{ content: '{}', mediaType: 'application/vnd.dsse.envelope.v1+json' }], 'att');
  const tag = `${registry.host}/${repository} tag ${digest.replace(':', '-')}`;
  const { found, ...rest } = await find();
  expect({
    ...rest,
    found: found.toSorted((one, other) => one.place.localeCompare(other.place)),
  }).toMatchObject({
    found: [
      { place: `${tag}.att, layer 1`, layer: Buffer.from('{}') },
      { source: 'legacy', place: `${tag}.sig, layer 1`, layer: Buffer.from('signature') },
    ],
    looked: [
      { place: `${tag}.sig`, answer: '1 listed' },
      { place: `${tag}.att`, answer: '1 listed' },
    ],
    failures: [],
  });
});

test('finds nothing and reports no failure without a tag', async () => {
  expect(await find()).toMatchObject({
    found: [],
    looked: [{ answer: 'absent' }, { answer: 'absent' }],
    failures: [],
  });
});

test('requests a payload with several signatures once', async () => {
  const same = Array.from({ length: 20 }, (_, index) => ({
    content: 'same',
    annotations: { index },
  }));
  await put([...same, { content: 'another' }]);
  expect((await find()).found).toHaveLength(21);
  expect(await blobsRead()).toBe(2);
});

describe('an unreadable layer is reported as a failure, and the others are found', () => {
  test('if the registry does not return its blob', async () => {
    await put([{ content: 'good' }, { content: 'gone' }]);
    await registry.fault({ path: '/blobs/', times: 1, action: { status: 500 } });
    expect(await find()).toMatchObject({
      found: [{}],
      failures: [{ code: 'SERVICE_UNREACHABLE' }],
    });
  });

  test('if its bytes do not match the digest', async () => {
    await put([{ content: 'good' }]);
    await registry.fault({ path: '/blobs/', action: { corrupt: true } });
    expect(await find()).toMatchObject({ found: [], failures: [{ code: 'DIGEST_MISMATCH' }] });
  });

  test('if it is larger than declared', async () => {
    await put([{ content: 'x'.repeat(1000), size: 999 }, { content: 'good' }]);
    const discovery = await find();
    expect(layersFound(discovery)).toEqual(['good']);
    expect(discovery.failures).toMatchObject([
      { code: 'LIMIT_EXCEEDED', message: expect.stringContaining('larger than 999 bytes') },
    ]);
  });

  test('without a request if its declared size is over the limit, which does not count against the limits', async () => {
    const large = Array.from({ length: 9 }, (_, index) => ({
      content: `${index}`,
      size: 16 * MEBIBYTE,
    }));
    const none = [-(1 << 30), '7', null, undefined].map((size) => ({ content: 'junk', size }));
    await put([{ content: 'too large', size: 1e15 }, ...none, ...large, { content: 'good' }]);
    const discovery = await find();
    expect([...layersFound(discovery)].sort()).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      '7',
      '8',
      'good',
    ]);
    expect(discovery.failures).toMatchObject([
      {
        code: 'LIMIT_EXCEEDED',
        message: expect.stringMatching(
          /^Cannot read the layer at .*\.sig, layer 1: its declared size of 1000000000000000 bytes/,
        ),
      },
    ]);
    expect(await blobsRead()).toBe(10);
  });

  test('if there are more layers than the limit', async () => {
    await put(
      Array.from({ length: 501 }, (_, index) => ({ content: 'same', annotations: { index } })),
    );
    const { found, failures } = await find();
    expect(found).toHaveLength(500);
    expect(failures).toMatchObject([
      { code: 'LIMIT_EXCEEDED', message: expect.stringContaining('501 layers') },
    ]);
  });

  test('if the tag cannot be read', async () => {
    await registry.fault({ path: '\\.sig', action: { status: 500 } });
    await put([{ content: '{}', mediaType: 'application/vnd.dsse.envelope.v1+json' }], 'att');
    expect(await find()).toMatchObject({
      found: [{}],
      looked: [{ answer: 'could not be read' }, { answer: '1 listed' }],
      failures: [{ code: 'SERVICE_UNREACHABLE' }],
    });
  });
});

test('ends a cancelled search without an error', async () => {
  await put([{ content: 'good' }]);
  await registry.fault({ path: '/blobs/', action: { hang: true } });
  const stop = new AbortController();
  const isAsked = async (): Promise<boolean> =>
    (await registry.requests()).some(
      ({ method, path }) => method === 'GET' && path.includes('/blobs/'),
    );
  void until(isAsked).then(() => stop.abort());
  expect((await find(stop.signal)).found).toEqual([]);
});
