// Anyone with push access can add data next to a valid bundle: it is still found and accepted, in time and within a small heap.
import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, test } from '@jest/globals';

import { HostileRegistry } from '../../lab/services/hostile-registry.ts';
import { type Amount, JUNK, makeEvidence } from '../../lab/bundles/junk.ts';
import { entries, sampled, startWorld } from './world.ts';

const world = await startWorld();
/** One image, in a registry of its own for each test. */
const NAME = 'victim';
const evidence = await makeEvidence(world, new HostileRegistry().push(NAME));
const heap = { NODE_OPTIONS: '--max-old-space-size=256' };
/** Enough to fail a gate that reads one after the other; fewer if only the sources run. `npm run attack` has the largest amounts, and measures. */
const AMOUNT: Amount = entries.includes('dist')
  ? { many: 60, large: 12, listed: 12 }
  : { many: 20, large: 4, listed: 4 };

afterAll(() => world.stop());

test.each(sampled(JUNK))('accepts a valid bundle next to $name', async ({ arrange }) => {
  const registry = await new HostileRegistry().start();
  const victim = registry.push(NAME);
  arrange(registry, victim, evidence, AMOUNT);
  const images = `${registry.host}/acme/app@${victim.digest}`;
  const runs = await world.fromEach(
    { mode: 'verify', images, 'retry-timeout': '60s' },
    { env: heap },
  );
  await registry.stop();
  for (const { exit, outputs, milliseconds } of Object.values(runs)) {
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 0, verdict: 'accepted' });
    expect(outputs['results']?.length).toBeLessThanOrEqual(100_000);
    expect(milliseconds).toBeLessThan(60_000);
  }
});

describe.each(entries)('gate run from %s', (entry) => {
  test('truncates "results" for hundreds of referrers and writes all of them to the results file', async () => {
    const registry = await new HostileRegistry().start();
    const victim = registry.push(NAME);
    const { good, foreign } = evidence;
    for (let number = 0; number < 300; number++) registry.refer(victim, foreign);
    const images = `${registry.host}/acme/app@${victim.digest}`;
    const { outputs, summary } = await world.run(entry, { mode: 'verify', images });
    await registry.stop();
    expect([outputs['verdict'], good !== undefined]).toEqual(['rejected', true]);
    expect(outputs['results']?.length).toBeLessThanOrEqual(100_000);
    expect(summary.length).toBeLessThan(500_000);
    const [cut] = JSON.parse(outputs['results'] ?? '') as [
      { unacceptable: object[]; omitted: { unacceptable: number } },
    ];
    const [whole] = JSON.parse(await readFile(outputs['results-path'] ?? '', 'utf8')) as [
      { unacceptable: object[] },
    ];
    expect(whole.unacceptable).toHaveLength(300);
    expect(cut.unacceptable.length + cut.omitted.unacceptable).toBe(300);
    expect(cut.unacceptable.length).toBeGreaterThan(0);
  });
});
