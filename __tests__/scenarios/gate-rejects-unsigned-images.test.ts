// An image without bundles never passes: the gate lists the places that it searched.
import { afterAll, describe, expect, test } from '@jest/globals';

import { entries, startWorld } from './world.ts';

const world = await startWorld();
const image = await world.push('acme/app');
const runs = await world.fromEach({ mode: 'verify', images: image.reference });

afterAll(() => world.stop());

describe.each(entries)('gate run from %s', (entry) => {
  const { exit, outputs, annotations, log, summary } = runs[entry];

  test('reports an unsigned image as unattested and outputs no image', () => {
    expect(exit).toBe(1);
    expect(outputs).toEqual({
      verified: 'false',
      verdict: 'unattested',
      results: expect.any(String),
      'results-path': expect.any(String),
    });
  });

  test('lists the places that it searched for an unsigned image', () => {
    const name = `${world.registry.host}/acme/app`;
    const places = {
      'attestations of acme/app': '0 listed',
      [`${name} referrers API`]: '0 listed',
      [`${name} tag ${image.digest.replace(':', '-')}`]: 'absent',
    };
    expect(annotations).toHaveLength(1);
    expect(annotations[0]?.message).toContain(
      `Cannot accept "${image.reference}": unattested, no signature or attestation found (5 places searched, listed in the log)`,
    );
    expect(annotations[0]?.message).toContain(
      '\nTo fix: sign the image in the workflow that builds it, before this step; for one platform of',
    );
    for (const [place, answer] of Object.entries(places)) {
      expect(log).toContain(`  searched ${place}: ${answer}`);
    }
    expect(summary).toContain('❌ unattested');
    expect(summary).toContain('| searched | result |');
  });
});
