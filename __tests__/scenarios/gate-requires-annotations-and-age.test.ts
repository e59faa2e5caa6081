// The gate can require annotations of signatures, recent signatures and an SBOM, from any signer.
import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';

import { holderOf, newKind, pemOf } from '../../lab/bundles/keys.ts';
import { signAndAttach } from './attach.ts';
import { putLayers, signatureLayer } from './old-cosign.ts';
import { entries, type Inputs, startWorld } from './world.ts';

const world = await startWorld();
const [plain, annotated, old, bill] = await Promise.all(
  ['plain', 'annotated', 'old', 'bill'].map((content) => world.push('acme/app', { content })),
);
if (!plain || !annotated || !old || !bill) throw new Error('no image');
await signAndAttach(world, plain);
await signAndAttach(world, bill, { predicateType: 'https://spdx.dev/Document/v2.3' });
await world.run('src', {
  mode: 'sign',
  images: annotated.reference,
  annotations: 'env=prod\nrun=42',
});
const vendor = holderOf(newKind());
await putLayers(world, old, 'sig', [
  await signatureLayer(world, old, vendor, { optional: { env: 'prod', built: 2 } }),
]);
const key = { key: pemOf(vendor) };
// All signatures are at least this old.
await setTimeout(1100);

afterAll(() => world.stop());

describe.each(entries)('gate run from %s', (entry) => {
  test.each<[string, string, Inputs]>([
    ['an annotation', annotated.reference, { annotations: 'env=prod' }],
    ['several annotations', annotated.reference, { annotations: 'run=42\nenv=prod' }],
    ['an annotation that cosign v2 signed', old.reference, { ...key, annotations: 'env=prod' }],
    ['a recent signature', plain.reference, { 'max-age': '1h' }],
    ['an SBOM in either format', bill.reference, { require: 'sbom', 'max-age': '1d' }],
  ])('accepts %s', async (_, images, inputs) => {
    const { exit, annotations } = await world.run(entry, { mode: 'verify', images, ...inputs });
    expect({ exit, annotations }).toEqual({ exit: 0, annotations: [] });
  });

  test.each<[string, string, Inputs, string]>([
    [
      'a signature without the required annotations',
      plain.reference,
      { annotations: 'env=prod' },
      'annotations: expected "env=prod", found "not in the signature"',
    ],
    [
      'an annotation with another value',
      annotated.reference,
      { annotations: 'env=prod\nrun=43' },
      'annotations: expected "run=43", found "run=42"',
    ],
    [
      'an annotation whose value is not text',
      old.reference,
      { ...key, annotations: 'built=2' },
      'annotations: expected "built=2", found "not in the signature"',
    ],
    ['an old signature', plain.reference, { 'max-age': '1s' }, 'max-age: expected "at most 1s'],
    ['a signature in place of an SBOM', bill.reference, {}, 'no acceptable signature'],
  ])('rejects %s', async (_, images, inputs, message) => {
    const { exit, outputs, annotations } = await world.run(entry, {
      mode: 'verify',
      images,
      ...inputs,
    });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 1, verdict: 'rejected' });
    expect(annotations[0]?.message).toContain(message);
  });
});
