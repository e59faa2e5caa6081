// Jobs that sign the same image at once, in a registry without the Referrers API, do not lose each other's entries in the fallback tag.
import { afterAll, expect, test } from '@jest/globals';

import { attach, listInTag } from './attach.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld({ registry: { referrers: 'none' } });

afterAll(() => world.stop());

test.each(['none', 'honoured'] as const)(
  'keeps the entries of jobs that sign at once, with conditional writes %s',
  async (conditions) => {
    await world.registry.set({ conditions });
    const image = await world.push('acme/app', { content: conditions });
    const foreign = await attach(
      world,
      image,
      'the entry of another tool',
      'application/spdx+json',
    );
    await listInTag(world, image, [foreign]);
    const signers = [...entries, ...entries, ...entries, ...entries].slice(0, 4);
    const all = await Promise.all(
      signers.map((entry) =>
        // A late run would find the signature of another one, and store that.
        world.run(entry, { mode: 'sign', images: image.reference, 'if-signed': 'sign' }),
      ),
    );
    expect(all.map(({ exit, outputs }) => [exit, outputs['signed']])).toEqual(
      signers.map(() => [0, 'true']),
    );

    const referrers = all.map(
      ({ outputs }) =>
        (
          JSON.parse(outputs['results'] ?? '') as [
            { bundles: [{ stored: [{ referrer: string }] }] },
          ]
        )[0].bundles[0].stored[0].referrer,
    );
    const response = await fetch(
      `${world.registry.url}/v2/acme/app/manifests/${image.digest.replace(':', '-')}`,
      { headers: { Accept: '*/*' } },
    );
    const { manifests } = (await response.json()) as { manifests: { digest: string }[] };
    expect(manifests.map(({ digest }) => digest).sort()).toEqual(
      [foreign.digest, ...referrers].sort(),
    );
  },
);
