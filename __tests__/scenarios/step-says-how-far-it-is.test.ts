// A step with many images at a slow registry says how far it is.
import { afterAll, expect, test } from '@jest/globals';

import { startWorld } from './world.ts';

const world = await startWorld({ registry: { auth: 'none' } });

afterAll(() => world.stop());

test('counts images while it signs and while it verifies, and says one line for a pause', async () => {
  const pushed = await Promise.all(
    Array.from({ length: 12 }, (_, number) =>
      world.push('acme/app', { content: `image ${number}` }),
    ),
  );
  const images = pushed.map(({ reference }) => reference).join('\n');
  await world.registry.set({ requestsPerSecond: 8 });
  const signed = await world.run('src', { mode: 'sign', images });
  const verified = await world.run('src', { mode: 'verify', images, sources: 'registry' });
  expect([signed.exit, verified.exit]).toEqual([0, 0]);
  expect(signed.log).toMatch(/^Stored what was signed for \d+ of 12 images$/m);
  expect(verified.log).toMatch(/^Verified \d+ of 12 images$/m);
  expect(signed.log).toContain('▼ Signatures and attestations: 12');
  expect(verified.log).toContain('Verified 12 images: 12 of 12 accepted\n▼ accepted: 12');
  const lines = verified.log.split('\n');
  expect(lines.filter((line) => /^Verified \d+ of/.test(line)).length).toBeLessThan(6);
});
