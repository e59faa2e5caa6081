// Layers in the tags of cosign v2: content of other writers stays, even with concurrent writes.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { SignedLayer } from '../../src/model/bundle.ts';
import type { Digest } from '../../src/model/digest.ts';
import type { RegistryClient } from '../../src/registry/client.ts';
import { readManifest } from '../../src/registry/content.ts';
import { ensureBlob } from '../../src/registry/upload.ts';
import type { Timing } from '../../src/registry/shared-tag.ts';
import {
  addToSignatureImage,
  assertRoomFor,
  signatureTag,
  type SignatureTag,
} from '../../src/stores/signature-image.ts';
import { INDEX, MANIFEST, pushImage, putBlob, putManifest } from '../../lab/services/image.ts';
import { defaultSettings } from '../../lab/services/registry/settings.ts';
import { type SeenRequest, startRegistry } from '../../lab/services/start.ts';
import { connect, problemOf } from '../registry/connect.ts';

/** Without waiting for other writers. */
const AT_ONCE: Timing = { settling: 0, contended: 0, lag: 2000, patience: 10_000 };
const PATIENT: Timing = { settling: 1500, contended: 1500, lag: 4000, patience: 30_000 };
const PAYLOAD = Buffer.from('{"critical":{}}');

const registry = await startRegistry();
let [repository, count] = ['', 0];
let subject: Digest = `sha256:${'0'.repeat(64)}`;
let client: RegistryClient = connect(registry.host, 'none');

beforeEach(async () => {
  await registry.set(defaultSettings);
  await registry.mend();
  repository = `acme/app-${String((count += 1))}`;
  subject = (await pushImage(registry, repository)).digest as Digest;
  client = connect(registry.host, repository);
  await registry.clear();
});
afterAll(() => registry.stop());

const tag = (): string => signatureTag(subject, 'sig');

function layer(signature: string): SignedLayer {
  return {
    mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
    blob: PAYLOAD,
    annotations: { 'dev.cosignproject.cosign/signature': signature },
  };
}

async function add(
  layers: readonly SignedLayer[],
  timing = AT_ONCE,
  kind: SignatureTag = 'sig',
): Promise<void> {
  await ensureBlob(client, PAYLOAD);
  await addToSignatureImage(client, subject, kind, layers, { timing });
}

interface ManifestJson {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly annotations?: Readonly<Record<string, string>> }[];
}

async function text(): Promise<string> {
  return (await readManifest(client, tag()))?.bytes.toString() ?? '';
}

async function signatures(): Promise<readonly (string | undefined)[]> {
  const { layers } = JSON.parse(await text()) as ManifestJson;
  return layers.map(({ annotations }) => annotations?.['dev.cosignproject.cosign/signature']);
}

async function writes(): Promise<readonly SeenRequest[]> {
  const requests = await registry.requests();
  return requests.filter(({ method, path }) => method === 'PUT' && path.endsWith(tag()));
}

/** Another tool's image, as text. */
async function foreign(layers: string): Promise<string> {
  const config = await putBlob(registry, repository, '{ }');
  const written = `{"layers": [${layers}], "mediaType":"${MANIFEST}","schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"${config}","size":3}}`;
  await putManifest(registry, repository, Buffer.from(written), MANIFEST, tag());
  return written;
}

async function foreignLayer(signature: string): Promise<string> {
  const digest = await putBlob(registry, repository, '{"theirs":1}');
  return `{ "size":12, "annotations":{"z":"\\u00e4","dev.cosignproject.cosign/signature":"${signature}"},"digest":"${digest}","mediaType":"application/vnd.dev.cosign.simplesigning.v1+json"}`;
}

test('creates an image with all layers in one update', async () => {
  await add([layer('one'), layer('two')]);
  expect(await signatures()).toEqual(['one', 'two']);
  expect(await writes()).toHaveLength(1);
  const { config } = JSON.parse(await text()) as ManifestJson;
  const blob = await fetch(`http://${registry.host}/v2/${repository}/blobs/${config.digest}`);
  expect(await blob.json()).toMatchObject({ history: [{}, {}] });
});

test('stores attestations in a tag of their own', async () => {
  await add([layer('')], AT_ONCE, 'att');
  expect(await readManifest(client, signatureTag(subject, 'att'))).toBeDefined();
  expect(await readManifest(client, tag())).toBeUndefined();
});

test('adds layers after those of others, which stay unchanged byte for byte', async () => {
  const theirs = await foreignLayer('theirs');
  await foreign(theirs);
  await add([layer('ours')]);
  expect(await text()).toContain(`"layers":[${theirs},{"mediaType"`);
  expect(await signatures()).toEqual(['theirs', 'ours']);
});

test('does not add existing layers again, whoever wrote the manifest', async () => {
  await add([layer('ours')]);
  const { layers } = JSON.parse(await text()) as ManifestJson;
  await foreign(JSON.stringify(layers[0], undefined, 2));
  await registry.clear();
  await add([layer('ours')]);
  expect(await writes()).toEqual([]);
});

describe('concurrent writers', () => {
  test.each(['none', 'honoured'] as const)(
    'are all listed, eight of them, with conditions %s',
    async (conditions) => {
      await registry.set({ conditions });
      const names = ['1', '2', '3', '4', '5', '6', '7', '8'];
      await Promise.all(names.map((name) => add([layer(name)], PATIENT)));
      expect([...(await signatures())].sort()).toEqual(names);
    },
    60_000,
  );

  test('that write while the config is stored are read again', async () => {
    const theirs = await foreignLayer('theirs');
    await add([layer('first')]);
    await registry.clear();
    await registry.fault({
      method: 'POST',
      path: '/blobs/uploads/',
      times: 1,
      action: { delay: 1000, processed: true },
    });
    const adding = add([layer('ours')]);
    const started = async (): Promise<boolean> =>
      (await registry.requests()).some(({ path }) => path.endsWith('/blobs/uploads/'));
    while (!(await started())) await new Promise((resolve) => setTimeout(resolve, 20));
    await registry.mend();
    await foreign(theirs);
    await registry.clear();
    await adding;
    expect((await signatures()).slice(0, 1)).toEqual(['theirs']);
    expect(await signatures()).toContain('ours');
    const [write] = await writes();
    expect(write?.body.toString()).toContain(theirs);
  }, 15_000);

  test('that have not read our layer are waited for, and our layer is restored', async () => {
    const theirs = await foreignLayer('theirs');
    const adding = add([layer('ours')], PATIENT);
    while ((await writes()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await foreign(theirs);
    await adding;
    expect(await signatures()).toEqual(['theirs', 'ours']);
  }, 15_000);
});

describe('a rejected write', () => {
  test('to an immutable tag is reported with the rule to change', async () => {
    await foreign(await foreignLayer('theirs'));
    await registry.set({ tags: 'immutable' });
    const { kind, code, message, remedy } = await problemOf(add([layer('ours')]));
    expect([kind, code]).toEqual(['permission', 'PERMISSION_REGISTRY']);
    expect(message).toContain(`PUT /v2/${repository}/manifests/${tag()} answered 403 DENIED`);
    expect(remedy).toContain('exclude tags that begin with "sha256-"');
    expect(await signatures()).toEqual(['theirs']);
  });

  test.each<[string, string, (reference: string) => Promise<unknown>]>([
    [
      'a list',
      `it holds ${INDEX}`,
      (reference) =>
        putManifest(registry, repository, { schemaVersion: 2, manifests: [] }, INDEX, reference),
    ],
    [
      'an image without layers',
      `it holds ${MANIFEST}`,
      (reference) =>
        putManifest(
          registry,
          repository,
          Buffer.from(`{"schemaVersion":2,"mediaType":"${MANIFEST}"}`),
          MANIFEST,
          reference,
        ),
    ],
    [
      'invalid layers',
      'its layers are not where others read them',
      (reference) =>
        putManifest(
          registry,
          repository,
          Buffer.from(`{"schemaVersion":2,"mediaType":"${MANIFEST}","layers":["junk"]}`),
          MANIFEST,
          reference,
        ),
    ],
  ])('is reported if the tag contains %s', async (_, state, put) => {
    await registry.set({ references: 'unchecked' });
    await put(tag());
    await registry.clear();
    const problem = {
      code: 'STORE_UNLISTED',
      message: `Cannot list the signature in "${registry.host}/${repository}": tag ${tag()} is not an image of signatures, ${state}`,
      remedy: 'set "signature-format: bundle"',
    };
    expect(await problemOf(add([layer('ours')]))).toMatchObject(problem);
    expect(await problemOf(assertRoomFor(client, subject, 'sig', 1))).toMatchObject(problem);
    await assertRoomFor(client, subject, 'sig', 0);
    await assertRoomFor(client, subject, 'att', 1);
    expect(await writes()).toEqual([]);
  });

  test('is reported if cosign could not read more layers', async () => {
    const digest = await putBlob(registry, repository, '{"theirs":1}');
    await foreign(Array.from({ length: 1000 }, () => `{"size":12,"digest":"${digest}"}`).join(','));
    await registry.clear();
    const problem = {
      code: 'STORE_UNLISTED',
      message: expect.stringContaining(
        `tag ${tag()} would have 1001 layers, of which cosign reads 1000`,
      ),
      remedy: 'remove signatures that are no longer needed',
    };
    expect(await problemOf(add([layer('ours')]))).toMatchObject(problem);
    expect(await problemOf(assertRoomFor(client, subject, 'sig', 1))).toMatchObject(problem);
    expect(await writes()).toEqual([]);
  });
});
