// A registry that never responds for one candidate does not delay the job beyond its time for reading: then the verdict is inconclusive, and is published.
import { afterAll, expect, test } from '@jest/globals';

import { HostileRegistry } from '../../lab/services/hostile-registry.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const registry = await new HostileRegistry().start();
const victim = registry.push('victim');
for (let count = 0; count < 5; count++) registry.refer(victim, 'junk', { manifest: 'hang' });
const images = `${registry.host}/acme/app@${victim.digest}`;

afterAll(() => Promise.all([world.stop(), registry.stop()]));

test('gives a gate at least fifteen seconds, even without retries', async () => {
  const runs = await world.fromEach({ mode: 'verify', images, 'retry-timeout': '0s' });
  for (const entry of entries) {
    const { exit, outputs, annotations, milliseconds } = runs[entry];
    expect({ exit, verdict: outputs['verdict'], verified: outputs['verified'] }).toEqual({
      exit: 1,
      verdict: 'inconclusive',
      verified: 'false',
    });
    expect(milliseconds).toBeGreaterThan(15_000);
    expect(milliseconds).toBeLessThan(60_000);
    expect(annotations[0]?.message).toMatch(
      /within the 15 s allowed for reading\nTo fix: run the job again later, or raise "retry-timeout"/,
    );
  }
});
