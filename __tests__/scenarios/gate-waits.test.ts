// A gate waits for a missing signature or image, and never after it has rejected something.
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { signAndAttach } from './attach.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const { host } = world.registry;
const HTML = { 'content-type': 'text/html' };

beforeEach(async () => {
  await world.forget();
  await world.registry.set({ referrers: 'api' });
});
afterAll(() => world.stop());

describe.each(entries)('gate run from %s', (entry) => {
  test('accepts a signature that is stored while it waits', async () => {
    const image = await world.push(`late/${entry}`);
    const inputs = { mode: 'verify', images: image.reference, wait: '60s' };
    const running = world.run(entry, inputs);
    await sleep(4000);
    await signAndAttach(world, image);
    const { exit, log } = await running;
    expect(exit).toBe(0);
    expect(log).toMatch(/Nothing found yet for \S+: looking again, for another \d+ s/);
  });

  test('accepts an image that is pushed while it waits', async () => {
    const images = `${host}/later/${entry}:v1`;
    const running = world.run(entry, { mode: 'verify', images, wait: '60s' });
    await sleep(4000);
    await signAndAttach(world, await world.push(`later/${entry}`, { tag: 'v1' }));
    expect((await running).exit).toBe(0);
  });

  test('accepts a signature that is stored while it waits at a registry that answers with a web page in place of the Referrers API', async () => {
    const image = await world.push(`page/${entry}`);
    await world.registry.set({ referrers: 'html' });
    const running = world.run(entry, { mode: 'verify', images: image.reference, wait: '60s' });
    await sleep(4000);
    expect(await world.run(entry, { mode: 'sign', images: image.reference })).toMatchObject({
      exit: 0,
    });
    const { exit, log } = await running;
    expect(exit).toBe(0);
    expect(log).toContain('Nothing found yet');
  });

  test('is inconclusive after the configured time at such a registry', async () => {
    const image = await world.push(`no-page/${entry}`);
    await world.registry.set({ referrers: 'html' });
    const run = await world.run(entry, { mode: 'verify', images: image.reference, wait: '2s' });
    expect(run.outputs['verdict']).toBe('inconclusive');
    expect(run.log.match(/Nothing found yet/g)).toHaveLength(1);
  });

  test.each([
    [
      'returns a web page in place of the image',
      '/manifests/',
      { headers: HTML, body: '<!doctype html>' },
    ],
    ['denies access to the list of referrers', '/referrers/', { status: 403 }],
  ])('does not wait if the registry %s', async (_, path, action) => {
    const image = await world.push(`closed/${entry}`);
    await world.registry.fault({ path, action });
    const run = await world.run(entry, { mode: 'verify', images: image.reference, wait: '60s' });
    expect(run.outputs['verdict']).toBe('inconclusive');
    expect(run.log).not.toContain('Nothing found yet');
  });

  test('fails after the configured time', async () => {
    const image = await world.push(`never/${entry}`);
    const run = await world.run(entry, { mode: 'verify', images: image.reference, wait: '2s' });
    expect(run.outputs['verdict']).toBe('unattested');
    expect(run.log.match(/Nothing found yet/g)).toHaveLength(1);
  });

  test('does not wait for another signature after it has rejected one', async () => {
    const image = await world.push(`bad/${entry}`);
    await signAndAttach(world, image, { claims: { repository: 'evil/app' } });
    const run = await world.run(entry, { mode: 'verify', images: image.reference, wait: '60s' });
    expect(run.outputs['verdict']).toBe('rejected');
    expect(run.log).not.toContain('Nothing found yet');
  });

  test('does not wait for a platform after it has rejected the index', async () => {
    const image = await world.push(`half/${entry}`, { platforms: ['linux/amd64'] });
    await signAndAttach(world, image, { claims: { repository: 'evil/app' } });
    const inputs = { mode: 'verify', images: image.reference, recursive: 'true', wait: '60s' };
    const run = await world.run(entry, inputs);
    expect(run.outputs['verdict']).toBe('rejected');
    expect(run.log).not.toContain('Nothing found yet');
  });
});
