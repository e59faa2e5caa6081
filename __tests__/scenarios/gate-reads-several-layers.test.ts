// An image that cosign v2 signed several times: one valid layer is enough, and each invalid one is named.
import { afterAll, describe, expect, test } from '@jest/globals';

import { holderOf, newKind } from '../../lab/bundles/keys.ts';
import { certifyJob } from '../../lab/bundles/signing.ts';
import { pushWith, signatureLayer } from './old-cosign.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const [ours, theirs, vendor] = [
  await certifyJob(world),
  await certifyJob(world, { claims: { repository: 'mallory/app' } }),
  holderOf(newKind()),
];

const several = await pushWith(world, 'several, one good', 'sig', async (image) => [
  await signatureLayer(world, image, theirs),
  await signatureLayer(world, image, vendor),
  await signatureLayer(world, image, ours, { digest: `sha256:${'ab'.repeat(32)}` }),
  await signatureLayer(world, image, ours),
]);
const none = await pushWith(world, 'several, none good', 'sig', async (image) => [
  await signatureLayer(world, image, theirs),
  await signatureLayer(world, image, vendor),
  await signatureLayer(world, image, ours, { digest: `sha256:${'ab'.repeat(32)}` }),
  await signatureLayer(world, image, ours, { log: 'none' }),
]);

afterAll(() => world.stop());

describe.each(entries)('gate run from %s', (entry) => {
  test('accepts an image if one of several signature layers is valid', async () => {
    const { exit, outputs } = await world.run(entry, { mode: 'verify', images: several.reference });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 0, verdict: 'accepted' });
    expect(JSON.parse(outputs['results'] ?? '')).toMatchObject([
      { evidence: [{ bundles: [{ place: expect.stringMatching(/\.sig, layer 4$/) }] }] },
    ]);
  });

  test('lists each signature layer if none is valid', async () => {
    const {
      exit,
      outputs,
      log: said,
    } = await world.run(entry, { mode: 'verify', images: none.reference });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 1, verdict: 'rejected' });
    expect(JSON.parse(outputs['results'] ?? '')).toMatchObject([
      {
        unacceptable: [
          {
            place: expect.stringMatching(/layer 1$/),
            findings: [
              { rule: 'repository', found: 'https://github.com/mallory/app' },
              { rule: 'signer-workflow' },
            ],
          },
        ],
      },
    ]);
    const [{ rejections } = { rejections: [] }] = JSON.parse(outputs['results'] ?? '') as {
      rejections: { place: string; code: string }[];
    }[];
    expect(rejections.map(({ place, code }) => `${place.slice(-7)} ${code}`).sort()).toEqual([
      'layer 2 KEY',
      'layer 3 SUBJECT',
      'layer 4 TIMESTAMP',
    ]);
    for (const layer of [1, 2, 3, 4]) expect(said).toMatch(new RegExp(`\\.sig, layer ${layer}: `));
  });
});
