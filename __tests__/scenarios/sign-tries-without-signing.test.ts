// A dry run: everything that can fail is tried, and nothing is signed, logged, stored or tagged.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { asked, manifestsWritten } from './seen.ts';
import { entries, type Inputs, startWorld } from './world.ts';

const world = await startWorld();

beforeEach(() => world.forget());
afterAll(() => world.stop());

const IDENTITY = 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main';

describe.each(entries)('signing step run from %s', (entry) => {
  const dryRun = (images: string, inputs: Inputs = {}): ReturnType<typeof world.run> =>
    world.run(entry, { mode: 'sign', images, 'dry-run': 'true', ...inputs });

  test('reports what a dry run would sign, log, store and tag', async () => {
    const { reference, digest } = await world.push('acme/app', { content: `${entry} dry` });
    const { exit, outputs, log, summary } = await dryRun(reference, {
      stores: 'registry,github',
      tags: 'v1',
    });
    expect(exit).toBe(0);
    expect(outputs).toMatchObject({
      signed: 'false',
      'skip-reason': 'dry-run',
      digest,
      image: reference,
    });
    const host = world.registry.host;
    for (const line of [
      `Would sign ${reference}: signature`,
      `Would sign ${reference}: provenance`,
      `Would sign as ${IDENTITY}`,
      `Would use ${world.sigstore.fulcio}`,
      `Would store in ${host}/acme/app`,
      'Would store in attestations of acme/app',
      `Would tag ${host}/acme/app:v1: new → ${digest}`,
    ])
      expect(log).toContain(line);
    expect(summary).toContain('Dry run: nothing was signed');
    expect(JSON.parse(outputs['results'] ?? '')).toMatchObject([
      { digest, planned: [{ foundAt: [] }, { foundAt: [] }], tags: [{ tag: 'v1' }] },
    ]);
  });

  test('writes nothing and requests no certificate in a dry run', async () => {
    const { reference } = await world.push('acme/app', { content: `${entry} nothing` });
    await world.forget();
    await dryRun(reference, { stores: 'registry,github', tags: 'v2' });
    expect(await asked(world.sigstore)).toEqual([]);
    expect(await manifestsWritten(world.registry)).toEqual([]);
    const writes = (await asked(world.github)).filter((each) => !each.startsWith('GET'));
    expect(writes).toEqual([]);
  });

  test('reports in a dry run what is already signed', async () => {
    const { reference } = await world.push('acme/app', { content: `${entry} before` });
    await world.run(entry, { mode: 'sign', images: reference });
    const { log } = await dryRun(reference);
    expect(log).toContain(`Already signed: ${reference}: signature, at ${world.registry.host}/`);
    expect(log).not.toContain('Would sign');
  });

  test('fails in a dry run if signing would fail', async () => {
    const missing = `${world.registry.host}/acme/app@sha256:${'0'.repeat(64)}`;
    const { exit, annotations, outputs } = await dryRun(missing);
    expect(exit).toBe(1);
    expect(outputs['signed']).toBe('false');
    expect(annotations[0]?.message).toMatch(/^Cannot sign ".*": the registry has no such manifest/);
  });
});
