// The tags of cosign v2 are written like lists of referrers: nothing is lost if others write, responses are lost or a registry rejects a write, and known problems are reported before anything is logged.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { certifyJob } from '../../lab/bundles/signing.ts';
import { MANIFEST, putManifest } from '../../lab/services/image.ts';
import { defaultSettings } from '../../lab/services/registry/settings.ts';
import { until } from '../../lab/services/until.ts';
import type { ActionResult } from '../../lab/runner/run-action.ts';
import { layersOf, tagName } from './cosign-tags.ts';
import { putLayers, signatureLayer } from './old-cosign.ts';
import { asked } from './seen.ts';
import { entries, type Image, LOGIN, startWorld } from './world.ts';

const world = await startWorld();
const theirs = await certifyJob(world, { claims: { repository: 'mallory/app' } });
const SIGNATURE = 'dev.cosignproject.cosign/signature';
const target = { ...world.registry, ...LOGIN };

beforeEach(() => Promise.all([world.forget(), world.registry.set(defaultSettings)]));
afterAll(() => world.stop());

const tagPath = ({ repository, digest }: Image): string =>
  `/v2/${repository}/manifests/${tagName(digest, 'sig')}`;

async function signaturesOf(image: Image): Promise<readonly (string | undefined)[]> {
  return (await layersOf(world, image, 'sig')).map(({ annotations }) => annotations[SIGNATURE]);
}

describe.each(entries)('signing step run from %s', (entry) => {
  const sign = (image: Image, inputs: object = {}): Promise<ActionResult> =>
    world.run(entry, {
      mode: 'sign',
      images: image.reference,
      sigstore: world.trust.signingConfigs.rekor1,
      'signature-format': 'legacy',
      ...inputs,
    });
  const push = (content: string): Promise<Image> =>
    world.push('acme/app', { content: `${entry} ${content}` });

  test.each([
    ['reset', { reset: true, processed: true }],
    ['a gateway times out', { status: 504, processed: true }],
  ] as const)(
    'stores one signature if the response to its write is lost: %s',
    async (name, action) => {
      const image = await push(name);
      await world.registry.fault({ method: 'PUT', path: tagPath(image), times: 1, action });
      expect(await sign(image)).toMatchObject({ exit: 0, outputs: { signed: 'true' } });
      expect(await signaturesOf(image)).toHaveLength(1);
      expect(await asked(world.sigstore, 'rekor-v1')).toHaveLength(1);
    },
  );

  test('keeps its layer and the layer of another writer that read the tag before it', async () => {
    const image = await push('others');
    const layer = await signatureLayer(world, image, theirs);
    const running = sign(image);
    await until(async () => (await signaturesOf(image)).length > 0);
    await putLayers(world, image, 'sig', [layer]);
    expect(await running).toMatchObject({ exit: 0, outputs: { signed: 'true' } });
    const signatures = await signaturesOf(image);
    expect(signatures).toHaveLength(2);
    expect(signatures).toContain(layer.annotations[SIGNATURE]);
  });

  test('keeps both signatures of two steps that run at once', async () => {
    const image = await push('two at once');
    const again = { 'if-signed': 'sign' };
    const runs = await Promise.all([sign(image, again), sign(image, again)]);
    expect(runs.map(({ exit }) => exit)).toEqual([0, 0]);
    expect(new Set(await signaturesOf(image)).size).toBe(2);
  });

  test('stores the bundle and reports the tag that the registry rejected', async () => {
    const image = await push('refused');
    await world.registry.fault({
      method: 'PUT',
      path: tagPath(image),
      action: { status: 403, body: '{"errors":[{"code":"DENIED"}]}' },
    });
    const run = await sign(image, { 'signature-format': 'bundle\nlegacy' });
    expect(run).toMatchObject({ exit: 1, outputs: { signed: 'false' } });
    expect(run.annotations).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(
          /^Cannot .*sha256-\w+\.sig .* answered 403 DENIED\nTo fix: /,
        ),
      }),
    ]);
    expect(JSON.parse(run.outputs['results'] ?? '')).toMatchObject([
      { bundles: [{ stored: [{ store: 'registry' }] }, { stored: [] }] },
    ]);
    const gate = await world.run(entry, { mode: 'verify', images: image.reference });
    expect(gate).toMatchObject({ exit: 0, outputs: { verdict: 'accepted' } });
  });

  test('fails with a remedy if the tag is immutable and has a signature', async () => {
    const image = await push('immutable');
    await putLayers(world, image, 'sig', [await signatureLayer(world, image, theirs)]);
    await world.registry.set({ tags: 'immutable' });
    const run = await sign(image);
    expect(run).toMatchObject({ exit: 1, outputs: { signed: 'false' } });
    expect(run.annotations[0]?.message).toContain('exclude tags that begin with "sha256-"');
    expect(await signaturesOf(image)).toHaveLength(1);
  });

  test.each<[string, (image: Image) => Promise<unknown>, RegExp]>([
    [
      'contains something else',
      ({ repository, digest }) =>
        putManifest(
          target,
          repository,
          { schemaVersion: 2, mediaType: MANIFEST },
          MANIFEST,
          tagName(digest, 'sig'),
        ),
      /tag sha256-\w+\.sig is not an image of signatures, .*\nTo fix: set "signature-format: bundle"/,
    ],
    [
      'is full',
      ({ repository, digest }) => {
        const layer = { mediaType: MANIFEST, digest, size: 1 };
        const layers = Array.from({ length: 1000 }, () => layer);
        return putManifest(
          target,
          repository,
          { schemaVersion: 2, mediaType: MANIFEST, config: layer, layers },
          MANIFEST,
          tagName(digest, 'sig'),
        );
      },
      /tag sha256-\w+\.sig would have 1001 layers/,
    ],
    [
      'belongs to an image that does not exist',
      ({ repository, digest }) =>
        world.registry.fault({
          path: `/v2/${repository}/manifests/${digest}`,
          action: { status: 404 },
        }),
      /the registry has no such manifest/,
    ],
    [
      'is in a repository that it cannot push to',
      ({ repository }) =>
        world.registry.fault({
          method: 'POST',
          path: `/v2/${repository}/blobs/uploads/`,
          action: { status: 403 },
        }),
      /^Cannot push to/,
    ],
  ])('logs nothing if the tag %s', async (name, prepare, message) => {
    const image = await push(name);
    await world.registry.set({ references: 'unchecked' });
    await prepare(image);
    await world.sigstore.clear();
    const run = await sign(image, { 'retry-timeout': '0s' });
    expect(run).toMatchObject({ exit: 1, outputs: { signed: 'false' } });
    expect(run.annotations.map((each) => each.message).join('\n')).toMatch(message);
    expect(await asked(world.sigstore, 'rekor-v1')).toEqual([]);
  });
});
