// The gate reads with the credentials of the step, and sends them neither to the storage behind the registry nor to any other host.
import { afterAll, describe, expect, test } from '@jest/globals';

import { signAndAttach } from './attach.ts';
import { asked, authorized } from './seen.ts';
import { entries, LOGIN, startWorld } from './world.ts';

const world = await startWorld({ registry: { auth: 'bearer', blobs: 'storage' } });
const image = await world.push('acme/app');
await signAndAttach(world, image);

afterAll(() => world.stop());

describe.each(entries)('gate run from %s', (entry) => {
  test('requests one pull token and reads with it', async () => {
    await world.forget();
    const { exit, outputs } = await world.run(entry, {
      mode: 'verify',
      images: image.reference,
      'registry-username': LOGIN.username,
      'registry-password': LOGIN.password,
    });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 0, verdict: 'accepted' });
    expect(
      (await world.registry.requests())
        .filter(({ path }) => path.startsWith('/token'))
        .map(({ path }) => new URL(path, world.registry.url).searchParams.get('scope')),
    ).toEqual(['repository:acme/app:pull']);
    expect(await asked(world.registry, 'storage')).toHaveLength(1);
    expect(await authorized(world)).toEqual(['github Bearer', 'registry Basic', 'registry Bearer']);
  });

  test('is inconclusive without credentials', async () => {
    const { exit, outputs, annotations } = await world.run(entry, {
      mode: 'verify',
      images: image.reference,
    });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 1, verdict: 'inconclusive' });
    expect(annotations[0]?.message).toMatch(
      /Cannot log in to "127\S+": .*answered 401 .*\nTo fix: log in to 127\S+ with docker\/login-action/,
    );
  });
});
