// The signing configuration selects the generation of the transparency log; the gate reads both.
import { afterAll, describe, expect, test } from '@jest/globals';

import { asked } from './seen.ts';
import { shown } from '../report/shown.ts';
import { entries, ISSUER, startWorld } from './world.ts';

const WORKFLOW = 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main';
const world = await startWorld();
const { rekorV1, rekorV2 } = world.sigstore;

afterAll(() => world.stop());

describe.each(entries)('signing step run from %s', (entry) => {
  test.each([
    ['rekor1', '/api/v1/log/entries', rekorV1],
    ['rekor2', '/api/v2/log/entries', rekorV2],
    ['both', '/api/v2/log/entries', rekorV2],
  ] as const)(
    'signs with the configuration %s, and the gate accepts the log entry',
    async (config, path, log) => {
      const image = await world.push(`acme/${entry}-${config}`, { tag: 'v1' });
      await world.forget();
      const signed = await world.run(entry, {
        mode: 'sign',
        images: image.reference,
        sigstore: world.trust.signingConfigs[config],
      });
      expect(signed).toMatchObject({
        exit: 0,
        annotations: [],
        outputs: {
          signed: 'true',
          digest: image.digest,
          image: image.reference,
          images: image.reference,
          identity: WORKFLOW,
          issuer: ISSUER,
        },
      });
      expect(signed.outputs['log-index']).toMatch(/^\d+$/);
      expect(signed.log).toContain(
        `Signed ${image.reference}: signature\n  by ${WORKFLOW} (${ISSUER})\n  logged in ${log} at ${signed.outputs['log-index'] ?? ''}`,
      );
      expect(signed.summary).toContain('## Signed images');
      expect(shown(signed.summary)).toContain(`<code>${image.reference}</code>`);
      // One certificate, one entry and one timestamp in either log.
      expect((await asked(world.sigstore)).sort()).toEqual(
        ['POST /api/v1/timestamp', 'POST /api/v2/signingCert', `POST ${path}`].sort(),
      );

      const gate = await world.run(entry, {
        mode: 'verify',
        images: image.reference,
        repository: 'acme/app',
      });
      expect(gate).toMatchObject({ exit: 0, outputs: { verdict: 'accepted' } });
      expect(JSON.parse(gate.outputs['results'] ?? '')).toMatchObject([
        {
          evidence: [{ bundles: [{ logEntries: [{ log, index: signed.outputs['log-index'] }] }] }],
        },
      ]);
    },
  );
});
