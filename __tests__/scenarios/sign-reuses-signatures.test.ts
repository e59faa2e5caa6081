// A step that runs again: what is stored is not signed again, and what is missing is stored.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { listedAt } from '../../lab/bench/kills/listed.ts';
import { asked, manifestsWritten } from './seen.ts';
import { entries, type Inputs, startWorld } from './world.ts';

const world = await startWorld();

beforeEach(async () => {
  await world.forget();
  await world.registry.set({ referrers: 'api' });
});
afterAll(() => world.stop());

const IDENTITY = 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main';

const logged = (): Promise<readonly string[]> => asked(world.sigstore, 'rekor-v2');

describe.each(entries)('signing step run from %s', (entry) => {
  const sign = (images: string, inputs: Inputs = {}): ReturnType<typeof world.run> =>
    world.run(entry, { mode: 'sign', images, ...inputs });

  test.each<[string, Inputs]>([
    ['a signature', {}],
    ['a signature with annotations', { annotations: 'team=platform' }],
    ['a signature and provenance', { attestations: 'provenance' }],
    ['provenance recorded at GitHub', { stores: 'github' }],
    [
      'a signature in both formats',
      {
        'signature-format': 'bundle,legacy',
        attestations: 'provenance',
        sigstore: world.trust.signingConfigs.both,
      },
    ],
  ])('does not sign %s a second time', async (name, inputs) => {
    const { reference } = await world.push('acme/app', { content: `${entry} ${name}` });
    expect(await sign(reference, inputs)).toMatchObject({ exit: 0 });
    const first = await manifestsWritten(world.registry);
    await world.forget();

    const { exit, outputs, log } = await sign(reference, inputs);
    expect(exit).toBe(0);
    expect(outputs).toMatchObject({
      signed: 'true',
      'skip-reason': 'already-signed',
      identity: IDENTITY,
    });
    expect(log).toContain(`Already signed: ${reference}`);
    expect(await asked(world.sigstore)).toEqual([]);
    expect((await asked(world.github)).filter((each) => each.startsWith('POST'))).toEqual([]);
    // The manifests exist already, and no tag is written again.
    const second = await manifestsWritten(world.registry);
    expect(first).toEqual(expect.arrayContaining(second));
    expect(second.filter((each) => /\.(sig|att)$/.test(each))).toEqual([]);
  });

  test("does not sign an index in cosign v2's format a second time", async () => {
    const content = `${entry} index`;
    const { reference } = await world.push('acme/app', { content, platforms: ['linux/amd64'] });
    const inputs = {
      'signature-format': 'legacy',
      recursive: 'true',
      sigstore: world.trust.signingConfigs.both,
    };
    expect(await sign(reference, inputs)).toMatchObject({ exit: 0 });
    await world.forget();
    expect(await sign(reference, inputs)).toMatchObject({
      exit: 0,
      outputs: { 'skip-reason': 'already-signed' },
    });
    expect(await asked(world.sigstore)).toEqual([]);
    expect(await manifestsWritten(world.registry)).toEqual([]);
  });

  test.each<[string, Inputs, Inputs]>([
    ['with other annotations', { annotations: 'team=one' }, { annotations: 'team=two' }],
    ['with "if-signed: sign"', {}, { 'if-signed': 'sign' }],
  ])('signs again %s', async (name, first, second) => {
    const { reference } = await world.push('acme/app', { content: `${entry} ${name}` });
    await sign(reference, first);
    await world.forget();
    expect(await sign(reference, second)).toMatchObject({
      exit: 0,
      outputs: { signed: 'true', 'skip-reason': '' },
    });
    expect(await logged()).toHaveLength(1);
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    [
      'another workflow',
      { job_workflow_ref: 'acme/ci/.github/workflows/sign.yml@refs/heads/main' },
    ],
    ['another commit', { sha: 'f'.repeat(40) }],
    ['another event', { event_name: 'schedule' }],
  ])('signs again what %s signed', async (name, claims) => {
    const { reference } = await world.push('acme/app', { content: `${entry} ${name}` });
    await world.oidc.set({ claims });
    await sign(reference);
    await world.oidc.set({ claims: {} });
    await world.forget();
    expect(await sign(reference)).toMatchObject({ outputs: { 'skip-reason': '' } });
    expect(await logged()).toHaveLength(1);
  });

  test('stores at GitHub what only the registry has, without signing again', async () => {
    const { reference } = await world.push('acme/app', { content: `${entry} one of two` });
    const inputs = { stores: 'registry,github', attestations: 'provenance' };
    await world.github.fault({
      method: 'POST',
      path: '/attestations',
      action: { status: 403 },
    });
    expect(await sign(reference, inputs)).toMatchObject({ exit: 1, outputs: { signed: 'false' } });
    await world.forget();

    expect(await sign(reference, inputs)).toMatchObject({
      exit: 0,
      outputs: { signed: 'true', 'skip-reason': 'already-signed' },
    });
    expect(await asked(world.sigstore)).toEqual([]);
    const sources = { mode: 'verify', images: reference, require: 'provenance' };
    expect(await world.run(entry, sources)).toMatchObject({ exit: 0 });
    const writes = (await asked(world.github)).filter((each) => each.startsWith('POST'));
    expect(writes).toHaveLength(1);
  });

  test.each(['api', 'none'] as const)(
    'lists one signature of each platform if that of the index could not be stored at first, referrers %s',
    async (referrers) => {
      const content = `${entry} index refused ${referrers}`;
      const image = await world.push('acme/app', { content, platforms: ['linux/amd64'] });
      const path = referrers === 'api' ? '/sha256:' : `/${image.digest.replace(':', '-')}$`;
      await world.registry.set({ referrers });
      await world.registry.fault({ method: 'PUT', path, times: 1, action: { status: 401 } });
      const inputs = { recursive: 'true' };
      expect(await sign(image.reference, inputs)).toMatchObject({ exit: 1 });
      expect(await sign(image.reference, inputs)).toMatchObject({ exit: 0 });
      const digests = [image.digest, ...Object.values(image.platforms)];
      expect(await listedAt(world.registry, 'acme/app', digests)).toEqual([1, 1]);
    },
  );

  test('tags an image that an earlier run signed but did not tag', async () => {
    const { repository, reference } = await world.push('acme/app', {
      content: `${entry} untagged`,
    });
    await sign(reference);
    await world.forget();
    const { exit, outputs } = await sign(reference, { tags: 'v1' });
    expect(exit).toBe(0);
    expect(outputs['tags']).toBe(`${world.registry.host}/${repository}:v1`);
    expect(await logged()).toEqual([]);
    expect(await manifestsWritten(world.registry)).toContain('PUT /v2/acme/app/manifests/v1');
  });
});
