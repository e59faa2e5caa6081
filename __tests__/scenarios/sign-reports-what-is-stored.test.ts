// If one of two repositories cannot be written, the other one is, and the step reports which is which.
import { afterAll, describe, expect, test } from '@jest/globals';

import { shown } from '../report/shown.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const [good, full] = [await world.push('acme/good'), await world.push('acme/full')];
const body = JSON.stringify({ errors: [{ code: 'DENIED', message: 'quota exceeded' }] });
await world.registry.fault({
  method: 'PUT',
  path: '^/v2/acme/full/manifests/',
  action: { status: 403, headers: { 'Content-Type': 'application/json' }, body },
});
const runs = await world.fromEach({ mode: 'sign', images: `${good.reference}\n${full.reference}` });

afterAll(() => world.stop());

describe.each(entries)('signing step run from %s', (entry) => {
  const { exit, outputs, annotations, log, summary } = runs[entry];

  test('fails for the repository that it cannot write to', () => {
    expect({ exit, signed: outputs['signed'] }).toEqual({ exit: 1, signed: 'false' });
    expect(annotations).toHaveLength(1);
    expect(annotations[0]?.message).toMatch(
      /^Cannot write the manifest sha256:\w+ to "127\.0\.0\.1:\d+\/acme\/full": PUT .* answered 403 DENIED\nTo fix: /,
    );
  });

  test('reports what it stored in the other repository', () => {
    const [one, two] = JSON.parse(outputs['results'] ?? '') as {
      bundles: [{ stored: { place: string }[] }];
    }[];
    const { place } = one?.bundles[0].stored[0] ?? { place: '' };
    expect(place).toMatch(/^127\.0\.0\.1:\d+\/acme\/good@sha256:\w+$/);
    expect(two?.bundles[0].stored).toEqual([]);
    expect(log).toContain(`stored at ${place}`);
    expect(shown(summary)).toContain(place);
    expect(summary).toContain('❌ Cannot write the manifest');
  });

  test('stores a signature in the other repository that the gate accepts', async () => {
    const gate = await world.run(entry, {
      mode: 'verify',
      images: `${good.reference}\n${full.reference}`,
    });
    expect(gate).toMatchObject({ exit: 1, outputs: { verdict: 'unattested' } });
    expect(JSON.parse(gate.outputs['results'] ?? '')).toMatchObject([
      { verdict: 'accepted' },
      { verdict: 'unattested' },
    ]);
  });
});
