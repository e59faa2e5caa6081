// Every entry of "require" must be present: a signature, provenance, or any type by its URI; one never counts as another.
import { afterAll, describe, expect, test } from '@jest/globals';

import { signAndAttach } from './attach.ts';
import { PROVENANCE, SIGNATURE } from '../../lab/bundles/statement.ts';
import { entries, startWorld } from './world.ts';

const CUSTOM = 'https://acme.example/scan/v1';
const world = await startWorld();
const [signed, attested, complete] = await Promise.all(
  ['signed', 'attested', 'complete'].map((content) => world.push('acme/app', { content })),
);
const attach = async (image: typeof signed, ...types: string[]): Promise<string> => {
  if (!image) throw new Error('no image');
  for (const predicateType of types) await signAndAttach(world, image, { predicateType });
  return image.reference;
};
const images = {
  signed: await attach(signed, SIGNATURE),
  attested: await attach(attested, PROVENANCE),
  complete: await attach(complete, SIGNATURE, 'https://slsa.dev/provenance/v0.2', CUSTOM),
};

afterAll(() => world.stop());

describe.each(entries)('gate run from %s', (entry) => {
  test.each([
    ['a signature', 'signed', undefined],
    ['provenance', 'attested', 'provenance'],
    ['a signature, provenance and a custom type', 'complete', `signature\nprovenance\n${CUSTOM}`],
  ] as const)('accepts %s when the inputs require it', async (_what, image, require) => {
    const { exit, outputs } = await world.run(entry, {
      mode: 'verify',
      images: images[image],
      ...(require && { require }),
    });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 0, verdict: 'accepted' });
  });

  test.each([
    ['provenance when a signature is required', 'attested', 'signature', 'signature', PROVENANCE],
    [
      'a signature when provenance is required, too',
      'signed',
      'signature, provenance',
      'provenance',
      SIGNATURE,
    ],
    [
      'a signature and provenance when a custom type is required, too',
      'signed',
      CUSTOM,
      CUSTOM,
      SIGNATURE,
    ],
  ] as const)('rejects %s', async (_what, image, require, unmet, found) => {
    const { exit, outputs, annotations, log } = await world.run(entry, {
      mode: 'verify',
      images: images[image],
      require,
    });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 1, verdict: 'rejected' });
    expect(annotations).toHaveLength(1);
    expect(annotations[0]?.message).toMatch(
      `Cannot accept "${images[image]}": rejected, no acceptable ${unmet}. `,
    );
    expect(annotations[0]?.message).toContain('\nTo fix: ');
    if (require.includes('signature') && image === 'signed') return;
    expect(annotations[0]?.message).toContain(`Found only a bundle of type ${found}`);
    expect(log).toContain(`verified, but of type ${found}, which "require" does not list`);
  });
});
