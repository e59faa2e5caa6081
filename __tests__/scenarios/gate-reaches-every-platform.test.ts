// With "recursive" a gate accepts an image only if each of its platforms is accepted, too, and reports the verdict of each.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { signAndAttach } from './attach.ts';
import { shown } from '../report/shown.ts';
import { entries, startWorld } from './world.ts';

const PLATFORMS = ['linux/amd64', 'linux/arm64'];
const world = await startWorld();
const whole = await world.push('acme/app', { content: 'whole', platforms: PLATFORMS });
const half = await world.push('acme/app', { content: 'half', platforms: PLATFORMS });
const plain = await world.push('acme/app', { content: 'plain' });
const recursive = { mode: 'verify', recursive: 'true' };

beforeAll(async () => {
  const images = whole.reference;
  const signing = await world.run('src', { mode: 'sign', images, recursive: 'true' });
  expect(signing.exit).toBe(0);
  await signAndAttach(world, half);
  await signAndAttach(world, plain);
});
afterAll(() => world.stop());

describe.each(entries)('gate run from %s', (entry) => {
  test('accepts an image whose index and platforms are signed, and outputs only the index', async () => {
    const run = await world.run(entry, { ...recursive, images: whole.reference });
    expect(run.exit).toBe(0);
    expect(run.outputs['images']).toBe(whole.reference);
    expect(JSON.parse(run.outputs['results'] ?? '')).toMatchObject([
      { verdict: 'accepted', digest: whole.digest },
      { verdict: 'accepted', part: 'linux/amd64', digest: whole.platforms['linux/amd64'] },
      { verdict: 'accepted', part: 'linux/arm64', digest: whole.platforms['linux/arm64'] },
    ]);
  });

  test('rejects an image if only its index is signed, and names the platforms', async () => {
    const run = await world.run(entry, { ...recursive, images: half.reference });
    expect([run.exit, run.outputs['verdict']]).toEqual([1, 'unattested']);
    expect(run.outputs['image']).toBeUndefined();
    expect(run.annotations.map(({ message }) => message)).toEqual(
      PLATFORMS.map((platform) => expect.stringContaining(`(${platform} of ${half.reference})`)),
    );
    expect(run.annotations[0]?.message).toContain('To fix: set "recursive: true" in the step');
    expect(shown(run.summary)).toMatch(/linux\/arm64/);
  });

  test('verifies only the index without "recursive", and an image without platforms either way', async () => {
    const index = await world.run(entry, { mode: 'verify', images: half.reference });
    const single = await world.run(entry, { ...recursive, images: plain.reference });
    expect([index.exit, single.exit]).toEqual([0, 0]);
  });

  test('reports for a single platform that its index may be signed', async () => {
    const digest = half.platforms['linux/amd64'] ?? '';
    const images = `${world.registry.host}/acme/app@${digest}`;
    const run = await world.run(entry, { mode: 'verify', images });
    expect(run.annotations[0]?.message).toContain('verify the index instead');
  });
});
