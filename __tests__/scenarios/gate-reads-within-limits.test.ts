// A list of ten thousand referrers is not read to its end: the gate stops, and does not accept what it has not verified.
import { afterAll, describe, expect, test } from '@jest/globals';

import { type Attached, listInTag, signAndAttach } from './attach.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld({ registry: { references: 'unchecked', referrers: 'none' } });
const bundle = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const junk = Array.from({ length: 10_000 }, (_, index): Attached => ({
  digest: `sha256:${index.toString(16).padStart(64, '0')}`,
  size: 700,
  artifactType: bundle,
  blob: '',
}));
const [buried, first] = [
  await world.push('acme/app', { content: 'buried' }),
  await world.push('acme/app', { content: 'first' }),
];
await listInTag(world, buried, [...junk, await signAndAttach(world, buried)]);
await listInTag(world, first, [await signAndAttach(world, first), ...junk]);

afterAll(() => world.stop());

describe.each(entries)('gate run from %s', (entry) => {
  test('is inconclusive if the signature comes after ten thousand referrers', async () => {
    await world.forget();
    const { exit, outputs, annotations } = await world.run(entry, {
      mode: 'verify',
      images: buried.reference,
    });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 1, verdict: 'inconclusive' });
    expect(annotations).toHaveLength(1);
    expect(annotations[0]?.message).toMatch(
      /10001 are listed, and at most 500 are read.*\nTo fix: remove referrers that are no longer needed/,
    );
    expect((await world.registry.requests()).length).toBeLessThan(600);
  });

  test('accepts a signature before ten thousand referrers', async () => {
    const { exit, outputs } = await world.run(entry, { mode: 'verify', images: first.reference });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 0, verdict: 'accepted' });
  });
});
