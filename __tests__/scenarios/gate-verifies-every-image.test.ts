// One image that is not accepted fails the gate for all, and no image is passed on.
import { afterAll, describe, expect, test } from '@jest/globals';

import { signAndAttach } from './attach.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const [good, bad, none] = [
  await world.push('acme/app', { content: 'good' }),
  await world.push('acme/app', { content: 'bad' }),
  await world.push('acme/app', { content: 'none' }),
];
await signAndAttach(world, good);
await signAndAttach(world, bad, { claims: { repository: 'evil/app' } });
const runs = await world.fromEach({
  mode: 'verify',
  images: [good, bad, none].map(({ reference }) => reference).join('\n'),
});

afterAll(() => world.stop());

describe.each(entries)('gate run from %s', (entry) => {
  const { exit, outputs, annotations, log, summary } = runs[entry];

  test('fails with the worst verdict and outputs no image', () => {
    expect(exit).toBe(1);
    expect(outputs).toEqual({
      verified: 'false',
      verdict: 'rejected',
      results: expect.any(String),
      'results-path': expect.any(String),
    });
  });

  test('reports the verdict of each image', () => {
    expect(JSON.parse(outputs['results'] ?? '')).toMatchObject([
      { image: good.reference, verdict: 'accepted', evidence: [{ requirement: 'signature' }] },
      {
        image: bad.reference,
        verdict: 'rejected',
        evidence: [],
        unacceptable: [{ findings: [{ rule: 'repository' }, { rule: 'signer-workflow' }] }],
      },
      {
        image: none.reference,
        verdict: 'unattested',
        evidence: [],
        unacceptable: [],
        rejections: [],
      },
    ]);
    expect(annotations.map(({ message }) => /"(\S+)": (\w+)/.exec(message)?.slice(1))).toEqual([
      [bad.reference, 'rejected'],
      [none.reference, 'unattested'],
    ]);
    expect(log).toMatch(/▼ accepted: .*[^]*▼ rejected: .*[^]*▼ unattested: /);
    expect(summary).toMatch(/✅ accepted[^]*❌ rejected[^]*❌ unattested/);
  });
});
