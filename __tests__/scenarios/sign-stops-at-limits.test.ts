// What is too large to be signed or listed, or is not whole, fails the step with the limit, and nothing is logged for what cannot be signed.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { INDEX, putManifest } from '../../lab/services/image.ts';
import { defaultSettings } from '../../lab/services/registry/settings.ts';
import { asked } from './seen.ts';
import { entries, LOGIN, startWorld } from './world.ts';

const world = await startWorld();
const { host } = world.registry;
const target = { ...world.registry, ...LOGIN };
const PLATFORMS = Array.from({ length: 16 }, (_, number) => `linux/arm/v${number}`);

beforeEach(() => Promise.all([world.forget(), world.registry.set(defaultSettings)]));
afterAll(() => world.stop());

describe.each(entries)('step run from %s', (entry) => {
  test('signs no statement with more subjects than verifiers read', async () => {
    const image = await world.push('acme/app', { content: entry, platforms: PLATFORMS });
    // An index and its 32 manifests in each of 32 repositories.
    const images = Array.from({ length: 32 }, (_, number) =>
      number === 0 ? image.reference : `${host}/acme/copy-${number}@${image.digest}`,
    );
    const inputs = { mode: 'sign', images: images.join('\n'), recursive: 'true' };
    const { exit, annotations } = await world.run(entry, inputs);
    expect({ exit, messages: annotations.map(({ message }) => message) }).toEqual({
      exit: 1,
      messages: [
        `Cannot sign "${image.reference}" with everything below it: 33 manifests in 32 repositories are over the limit of 1024 subjects\nTo fix: sign fewer repositories in one step`,
      ],
    });
    expect(await asked(world.sigstore)).toEqual([]);
  });

  test('says how large the list of referrers would grow, before anything is logged', async () => {
    await world.registry.set({ referrers: 'none' });
    const image = await world.push('acme/app', { content: `${entry} full` });
    const filler = {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: image.digest,
      size: 7,
      annotations: { a: 'x'.repeat(4_193_800) },
    };
    const list = { schemaVersion: 2, mediaType: INDEX, manifests: [filler] };
    const tag = image.digest.replace(':', '-');
    await putManifest(target, 'acme/app', Buffer.from(JSON.stringify(list)), INDEX, tag);
    await world.forget();
    const { exit, annotations } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
    });
    expect(exit).toBe(1);
    expect(annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^Cannot list the signature in ".*": tag sha256-\w+ would grow to \d{7} bytes of 4194304\nTo fix: remove old referrers of this image$/,
      ),
    ]);
    expect(await asked(world.sigstore)).toEqual([]);
  });

  test.each<[string, RegExp]>([
    ['sign', /^Cannot find /],
    ['verify', /^Cannot verify ".*": inconclusive\. Cannot find /],
  ])('names a manifest that is listed and not there: %s', async (mode, start) => {
    const inner = await world.push('acme/app', {
      content: `${entry} ${mode} in part`,
      platforms: ['linux/amd64'],
    });
    const { digest, bytes } = inner;
    const listed = { mediaType: INDEX, digest, size: bytes.length };
    const index = { schemaVersion: 2, mediaType: INDEX, manifests: [listed] };
    const outer = await putManifest(target, 'acme/app', index, INDEX, `outer-${mode}`);
    await world.forget();
    await world.registry.fault({ path: `/manifests/${digest}`, action: { status: 404 } });
    const { exit, annotations } = await world.run(entry, {
      mode,
      images: `${host}/acme/app@${outer}`,
      recursive: 'true',
    });
    const [message = ''] = annotations.map((each) => each.message);
    expect(exit).toBe(1);
    expect(message).toMatch(start);
    expect(message).toContain(
      `Cannot find ${digest}, which index ${outer} lists: "${host}/acme/app" has no such manifest\nTo fix: check that the image was pushed whole, with all of its platforms`,
    );
    expect(await asked(world.sigstore)).toEqual([]);
  });
});
