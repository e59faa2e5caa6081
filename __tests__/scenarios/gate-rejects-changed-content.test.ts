// Content that does not match its digest is rejected, even if it is signed.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { signAndAttach } from './attach.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const image = await world.push('acme/app', { tag: 'v1' });
const { digest: referrer, blob } = await signAndAttach(world, image);

beforeEach(() => world.forget());
afterAll(() => world.stop());

describe.each(entries)('gate run from %s', (entry) => {
  test('rejects an image manifest that was changed in the registry', async () => {
    await world.registry.fault({ path: `/manifests/${image.digest}`, action: { corrupt: true } });
    const { exit, outputs, annotations } = await world.run(entry, {
      mode: 'verify',
      images: image.reference,
    });
    expect({ exit, verdict: outputs['verdict'], image: outputs['image'] }).toEqual({
      exit: 1,
      verdict: 'rejected',
      image: undefined,
    });
    expect(annotations).toHaveLength(1);
    expect(annotations[0]?.message).toMatch(
      new RegExp(
        `requested ${image.digest}, but the content returned has digest sha256:[0-9a-f]{64}.*\nTo fix: find out what changed the content at 127`,
      ),
    );
  });

  test('rejects a tag whose manifest does not match the digest that the registry reports', async () => {
    await world.registry.fault({ path: '/manifests/v1', action: { corrupt: true } });
    const { exit, outputs } = await world.run(entry, {
      mode: 'verify',
      images: `${world.registry.host}/acme/app:v1`,
    });
    expect({ exit, verdict: outputs['verdict'], image: outputs['image'] }).toEqual({
      exit: 1,
      verdict: 'rejected',
      image: undefined,
    });
  });

  test.each([
    ['the only signature', `/blobs/${blob}`],
    ['the manifest of the only signature', `/manifests/${referrer}`],
  ])('is inconclusive if a registry changed %s', async (_what, path) => {
    await world.registry.fault({ path, action: { corrupt: true } });
    const { exit, outputs, annotations } = await world.run(entry, {
      mode: 'verify',
      images: image.reference,
    });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 1, verdict: 'inconclusive' });
    expect(annotations[0]?.message).toMatch(
      /requested sha256:\w+, but the content returned has digest sha256:/,
    );
  });
});
