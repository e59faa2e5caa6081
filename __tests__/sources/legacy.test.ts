// What cosign v2 left in the tags `.sig` and `.att`, found within limits that no descriptor can lift.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Digest } from '../../src/model/digest.ts';
import { legacySource } from '../../src/sources/legacy.ts';
import type { Discovery } from '../../src/sources/source.ts';
import { connect } from '../registry/connect.ts';
import { MANIFEST, pushImage, putBlob, putManifest } from '../services/image.ts';
import { startRegistry } from '../services/start.ts';

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
  /** Said of the layer, instead of the truth. */
  readonly size?: unknown;
  readonly mediaType?: string;
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

async function find(signal = new AbortController().signal): Promise<Discovery> {
  const subject = { repository: { registry: registry.host, path: repository }, digest };
  const all = await Promise.all(
    legacySource(() => connect(registry.host, repository)).find(subject, signal),
  );
  return {
    found: all.flatMap(({ found }) => found),
    looked: all.flatMap(({ looked }) => looked),
    failures: all.flatMap(({ failures }) => failures),
  };
}

const layersFound = ({ found }: Discovery): readonly string[] =>
  found.map(({ layer }) => layer?.toString() ?? '');
const blobsRead = async (): Promise<number> =>
  (await registry.requests()).filter(({ path }) => path.includes('/blobs/')).length;

test('layers are found with the place where they are, in both tags', async () => {
  await put([{ content: 'other', mediaType: 'text/plain' }, { content: 'signature' }]);
  await put([{ content: '{}', mediaType: 'application/vnd.dsse.envelope.v1+json' }], 'att');
  const tag = `${registry.host}/${repository} tag ${digest.replace(':', '-')}`;
  expect(await find()).toMatchObject({
    found: [
      { source: 'legacy', place: `${tag}.sig, layer 2`, layer: Buffer.from('signature') },
      { place: `${tag}.att, layer 1`, layer: Buffer.from('{}') },
    ],
    looked: [
      { place: `${tag}.sig`, answer: '1 listed' },
      { place: `${tag}.att`, answer: '1 listed' },
    ],
    failures: [],
  });
});

test('nothing is found, and nothing is wrong, where there is no tag', async () => {
  expect(await find()).toMatchObject({
    found: [],
    looked: [{ answer: 'absent' }, { answer: 'absent' }],
    failures: [],
  });
});

test('a payload that was signed often is one request', async () => {
  await put([...Array.from({ length: 20 }, () => ({ content: 'same' })), { content: 'another' }]);
  expect((await find()).found).toHaveLength(21);
  expect(await blobsRead()).toBe(2);
});

describe('what could not be read is a failure, and the others are found', () => {
  test('a blob that the registry does not give', async () => {
    await put([{ content: 'good' }, { content: 'gone' }]);
    await registry.fault({ path: '/blobs/', times: 1, action: { status: 500 } });
    expect(await find()).toMatchObject({
      found: [{}],
      failures: [{ code: 'SERVICE_UNREACHABLE' }],
    });
  });

  test('bytes that are not those of the digest', async () => {
    await put([{ content: 'good' }]);
    await registry.fault({ path: '/blobs/', action: { corrupt: true } });
    expect(await find()).toMatchObject({ found: [], failures: [{ code: 'DIGEST_MISMATCH' }] });
  });

  test('a layer that is larger than it says', async () => {
    await put([{ content: 'x'.repeat(1000), size: 999 }, { content: 'good' }]);
    const discovery = await find();
    expect(layersFound(discovery)).toEqual(['good']);
    expect(discovery.failures).toMatchObject([
      { code: 'LIMIT_EXCEEDED', message: expect.stringContaining('larger than 999 bytes') },
    ]);
  });

  test('layers that are too large, alone or together, are not even asked for', async () => {
    const large = Array.from({ length: 9 }, (_, index) => ({
      content: `${index}`,
      size: 15 * MEBIBYTE,
    }));
    await put([{ content: 'too large', size: 17 * MEBIBYTE }, ...large, { content: 'good' }]);
    const discovery = await find();
    expect(layersFound(discovery)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', 'good']);
    expect(discovery.failures).toMatchObject([
      {
        code: 'LIMIT_EXCEEDED',
        message: expect.stringMatching(
          /^Cannot judge everything in .*\.sig: 11 layers of \d+ bytes are listed, where 500 of 16777216 each and 134217728 together are read$/,
        ),
      },
    ]);
    expect(await blobsRead()).toBe(9);
  });

  test('more layers than anybody needs', async () => {
    await put(Array.from({ length: 501 }, () => ({ content: 'same' })));
    const { found, failures } = await find();
    expect(found).toHaveLength(500);
    expect(failures).toMatchObject([
      { code: 'LIMIT_EXCEEDED', message: expect.stringContaining('501 layers') },
    ]);
  });

  test('sizes that are none lift no limit', async () => {
    const large = Array.from({ length: 9 }, (_, index) => ({
      content: `${index}`,
      size: 15 * MEBIBYTE,
    }));
    await put([
      ...[-(1 << 30), '7', null, undefined].map((size) => ({ content: 'junk', size })),
      ...large,
    ]);
    expect((await find()).failures.map(({ code }) => code)).toEqual(['LIMIT_EXCEEDED']);
    expect(await blobsRead()).toBe(8);
  });

  test('a tag that does not answer', async () => {
    await registry.fault({ path: '\\.sig', action: { status: 500 } });
    await put([{ content: '{}', mediaType: 'application/vnd.dsse.envelope.v1+json' }], 'att');
    expect(await find()).toMatchObject({
      found: [{}],
      looked: [{ answer: 'could not be read' }, { answer: '1 listed' }],
      failures: [{ code: 'SERVICE_UNREACHABLE' }],
    });
  });
});

test('a search that is called off ends, and never rejects', async () => {
  await put([{ content: 'good' }]);
  await registry.fault({ path: '/blobs/', action: { hang: true } });
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 50);
  expect((await find(stop.signal)).found).toEqual([]);
});
