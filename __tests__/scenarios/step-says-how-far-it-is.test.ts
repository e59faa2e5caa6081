// A step with many images says how far it is in each of its phases, whichever service is slow.
import { afterAll, expect, test } from '@jest/globals';

import type { Fault } from '../../lab/services/faults.ts';
import { startWorld } from './world.ts';

const COUNT = 6;
const world = await startWorld({ registry: { auth: 'none' } });

afterAll(() => world.stop());

/** The first of these requests take longer than the five seconds between two lines. */
const slow = (method: string, path: string): Fault => ({
  method,
  path,
  times: COUNT,
  action: { delay: 5100 },
});

test('counts images while it reads, searches, signs, stores and verifies', async () => {
  const pushed = await Promise.all(
    Array.from({ length: COUNT }, (_, number) =>
      world.push('acme/app', { content: `image ${number}`, platforms: ['linux/amd64'] }),
    ),
  );
  const images = pushed.map(({ reference }) => reference).join('\n');
  const indexes = pushed.map(({ digest }) => digest).join('|');
  await world.registry.fault(slow('GET', `/manifests/(${indexes})`));
  await world.registry.fault(slow('GET', '/referrers/'));
  await world.registry.fault(slow('PUT', '/manifests/sha256:'));
  await world.registry.fault(slow('PUT', String.raw`/manifests/sha256-\w+\.sig`));
  await world.sigstore.fault({ ...slow('POST', ''), server: 'rekor-v2' });
  await world.github.fault(slow('POST', '/attestations'));
  const signed = await world.run('src', {
    mode: 'sign',
    images,
    recursive: 'true',
    stores: 'registry\ngithub',
    'signature-format': 'bundle\nlegacy',
    attestations: 'provenance',
    sigstore: world.trust.signingConfigs.both,
  });
  await world.forget();
  await world.registry.fault({ ...slow('GET', '/referrers/|/manifests/sha256-'), times: 100 });
  const verified = await world.run('src', { mode: 'verify', images, sources: 'registry' });

  expect([signed.exit, verified.exit]).toEqual([0, 0]);
  const counted = [...signed.log.split('\n'), ...verified.log.split('\n')];
  for (const line of [
    /^Read \d of 6 images$/,
    /^Searched \d+ of 18 images for earlier signatures$/,
    /^Signed \d+ of 24 statements$/,
    /^Stored what was signed for \d+ of 18 images$/,
    /^Stored what was signed for \d+ of 18 images in the tags of cosign v2$/,
    /^Recorded \d of 6 attestations at GitHub$/,
    /^Verified \d of 6 images$/,
  ])
    expect(counted).toContainEqual(expect.stringMatching(line));
  expect(signed.log).toContain('▼ Signatures and attestations: 24');
  expect(verified.log).toContain('Verified 6 images: 6 of 6 accepted\n▼ accepted: 6');
});
