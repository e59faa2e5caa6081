// Bundles in GitHub's attestation store alone are enough, whether the API returns bundles or storage addresses.
import { afterAll, describe, expect, test } from '@jest/globals';

import { makeBundle } from '../../lab/bundles/signing.ts';
import { PROVENANCE, statementAbout } from '../../lab/bundles/statement.ts';
import { record } from './record.ts';
import { asked, authorized } from './seen.ts';
import { entries, startWorld, TOKEN } from './world.ts';

const world = await startWorld();
const image = await world.push('acme/app');
// The list starts with the newest: the required one is on the last page, so every page must be read.
for (const predicateType of [PROVENANCE, 'https://acme.example/scan/v1']) {
  const payload = statementAbout(image.digest, { predicateType });
  await record(world, 'acme/app', await makeBundle(world, { payload }));
}

afterAll(() => world.stop());

describe.each(entries)('gate run from %s', (entry) => {
  test.each([
    ['inline', { bundles: 'inline', pageSize: 100 }, {}, 0],
    [
      'as Snappy at a URL',
      { bundles: 'url', encoding: 'snappy', pageSize: 100 },
      { repository: 'acme/app' },
      2,
    ],
    [
      'as JSON at a URL, on several pages',
      { bundles: 'url', encoding: 'json', pageSize: 1 },
      { owner: 'acme' },
      2,
    ],
  ] as const)(
    'accepts bundles that the attestation API returns %s',
    async (_how, settings, identity, blobs) => {
      await world.github.set(settings);
      await world.forget();
      const { exit, outputs, log } = await world.run(entry, {
        mode: 'verify',
        images: image.reference,
        require: 'provenance',
        ...identity,
      });
      expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 0, verdict: 'accepted' });
      expect(JSON.parse(outputs['results'] ?? '')).toMatchObject([
        {
          evidence: [
            {
              requirement: 'provenance',
              bundles: [{ source: 'github', predicateType: PROVENANCE }],
            },
          ],
        },
      ]);
      expect(log).toContain(
        `found at attestations of ${'owner' in identity ? 'acme' : 'acme/app'}, number `,
      );
      // The signed addresses need no token: ours is not sent to them.
      expect(await asked(world.github, 'blobs')).toHaveLength(blobs);
      expect(await authorized(world)).toEqual(['github Bearer']);
    },
  );

  test('is inconclusive without permission to read attestations', async () => {
    await world.github.set({ tokens: { [TOKEN]: 'none' }, visibility: 'private' });
    const { exit, outputs, annotations } = await world.run(entry, {
      mode: 'verify',
      images: image.reference,
      require: 'provenance',
    });
    await world.github.set({ tokens: { [TOKEN]: 'write' }, visibility: 'public' });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 1, verdict: 'inconclusive' });
    expect(annotations[0]?.message).toMatch(
      /inconclusive\. Cannot list the attestations in "acme\/app": GitHub answered 403\nTo fix: add "permissions: attestations: read" to the job/,
    );
  });
});
