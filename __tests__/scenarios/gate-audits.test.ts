// With "on-failure: warn" a gate reports what it would have rejected, marked as an audit in every place, and the job continues.
import { afterAll, describe, expect, test } from '@jest/globals';

import { signAndAttach } from './attach.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const [good, none] = [
  await world.push('acme/app', { content: 'good' }),
  await world.push('acme/app', { tag: 'v1', content: 'none' }),
];
await signAndAttach(world, good);
const name = `${world.registry.host}/acme/app`;
const audit = { mode: 'verify', 'on-failure': 'warn' };
const runs = await world.fromEach({ ...audit, images: `${good.reference}\n${name}:v1` });

afterAll(() => world.stop());

describe.each(entries)('gate run from %s', (entry) => {
  const { exit, outputs, annotations, log, summary } = runs[entry];

  test('outputs every image with its digest and reports the verdict', () => {
    expect(exit).toBe(0);
    expect(outputs).toMatchObject({
      verified: 'false',
      verdict: 'unattested',
      image: good.reference,
      images: `${good.reference}\n${none.reference}`,
    });
  });

  test('marks every output as an audit', () => {
    expect(annotations).toMatchObject([
      { level: 'warning', message: expect.stringMatching(/^Audit only: Cannot accept /) },
    ]);
    expect(log).toContain('Audit only: "on-failure: warn" is set');
    expect(summary).toMatch(/^## Image verification \(audit only\)\n\n> ⚠️ Audit only/);
    expect(JSON.parse(outputs['results'] ?? '')).toMatchObject([
      { audit: true, verdict: 'accepted' },
      { audit: true, verdict: 'unattested' },
    ]);
  });

  test('still fails for invalid inputs', async () => {
    const run = await world.run(entry, { ...audit, images: name });
    expect([run.exit, run.annotations[0]?.level]).toEqual([1, 'error']);
  });

  test('a gate without "on-failure: warn" fails and outputs no image', async () => {
    const run = await world.run(entry, { mode: 'verify', images: `${name}:v1` });
    expect([run.exit, run.outputs['image']]).toEqual([1, undefined]);
    expect(run.summary).not.toContain('Audit');
    expect(run.outputs['results']).not.toContain('audit');
  });
});
