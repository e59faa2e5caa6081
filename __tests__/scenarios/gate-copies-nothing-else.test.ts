// `copy-evidence-to`: nothing is copied of what is not accepted, and what cannot be copied fails the step, not the verdict.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { signAndAttach } from './attach.ts';
import { placesIn } from './copies.ts';
import { manifestsWritten } from './seen.ts';
import { entries, type Image, type Inputs, LOGIN, startWorld } from './world.ts';

const world = await startWorld();
const { host } = world.registry;
const login = { 'registry-username': LOGIN.username, 'registry-password': LOGIN.password };

beforeEach(async () => {
  await world.forget();
  await world.registry.set({ auth: 'none', missingSubject: 'accepted' });
});
afterAll(() => world.stop());

async function signed(content: string): Promise<Image> {
  const image = await world.push('acme/app', { content });
  await signAndAttach(world, image);
  return image;
}

describe.each(entries)('gate run from %s', (entry) => {
  const target = (name: string): string => `prod/${entry}-${name}`;
  const copyTo = (...names: readonly string[]): Inputs => ({
    'copy-evidence-to': names.map((name) => `${host}/${target(name)}`).join('\n'),
  });
  const gate = (image: string, inputs: Inputs): ReturnType<typeof world.run> =>
    world.run(entry, { mode: 'verify', images: image, ...inputs });

  test.each([
    ['fail', 1],
    ['warn', 0],
  ])('copies nothing if one image is rejected, with on-failure: %s', async (onFailure, exit) => {
    const good = await signed(`${entry} good ${onFailure}`);
    const bad = await world.push('acme/app', { content: `${entry} bad ${onFailure}` });
    await signAndAttach(world, bad, { claims: { repository: 'mallory/app' } });
    await world.forget();
    const run = await gate(`${good.reference}\n${bad.reference}`, {
      ...copyTo('refused'),
      'on-failure': onFailure,
    });
    expect(run).toMatchObject({ exit, outputs: { verdict: 'rejected' } });
    const said = `No evidence was copied to ${host}/${target('refused')}: not every image is accepted`;
    expect(run.log).toContain(said);
    expect(run.summary).toContain('No evidence was copied to');
    expect(placesIn(run.outputs['results'])).toEqual([]);
    const writes = (await world.registry.requests()).filter(({ method }) => method !== 'GET');
    expect(writes).toEqual([]);
  });

  test('fails the step if one of two copies fails, and keeps the verdict', async () => {
    const image = await signed(`${entry} failing`);
    await world.registry.set({ auth: 'bearer' });
    const path = `/v2/${target('denied')}/`;
    await world.registry.fault({ path, action: { status: 403 } });
    const run = await gate(image.reference, {
      ...copyTo('allowed', 'denied'),
      ...login,
    });
    expect(run).toMatchObject({ exit: 1, outputs: { verdict: 'accepted', verified: 'true' } });
    expect(run.annotations).toHaveLength(1);
    expect(run.annotations[0]?.message).toMatch(
      new RegExp(`^Cannot .* "${host}/${target('denied')}".*\nTo fix: `),
    );
    expect(placesIn(run.outputs['results'])).toEqual([
      expect.stringContaining(`${host}/${target('allowed')}@sha256:`),
    ]);
    expect(run.log).toContain('is not written twice, and what is missing is copied');
  });

  test('reports that a registry may require the image first', async () => {
    await world.registry.set({ missingSubject: 'refused' });
    const content = `${entry} wanted`;
    const image = await signed(content);
    const early = await gate(image.reference, copyTo('wanted'));
    expect(early.exit).toBe(1);
    expect(early.annotations[0]?.message).toContain('To fix: the registry may not accept');
    const { reference } = await world.push(target('wanted'), { content });
    expect(await gate(image.reference, copyTo('wanted'))).toMatchObject({ exit: 0 });
    expect(await gate(reference, {})).toMatchObject({ exit: 0 });
  });

  test('requests push access only for the repository that it copies to', async () => {
    const image = await signed(`${entry} rights`);
    await world.registry.set({ auth: 'bearer' });
    await world.forget();
    const { exit } = await gate(image.reference, {
      ...copyTo('rights'),
      ...login,
    });
    expect(exit).toBe(0);
    const scopes = (await world.registry.requests()).flatMap(({ path }) =>
      new URL(path, world.registry.url).searchParams.getAll('scope'),
    );
    expect([...new Set(scopes)].sort()).toEqual([
      'repository:acme/app:pull',
      `repository:${target('rights')}:pull,push`,
    ]);
    expect(await manifestsWritten(world.registry)).toHaveLength(1);
  });
});
