// Without any identity input, the gate accepts images signed by a workflow of its own repository.
import { afterAll, describe, expect, test } from '@jest/globals';

import { signAndAttach } from './attach.ts';
import { asked, authorized, counted } from './seen.ts';
import { shown } from '../report/shown.ts';
import { entries, startWorld } from './world.ts';

const WORKFLOW = 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main';
const world = await startWorld();
const image = await world.push('acme/app');
const signature = await signAndAttach(world, image);

afterAll(() => world.stop());

describe.each(entries)('gate run from %s', (entry) => {
  test('accepts a signature of its own repository and outputs the pinned image', async () => {
    await world.forget();
    const { exit, outputs, log, summary, annotations } = await world.run(entry, {
      mode: 'verify',
      images: image.reference,
    });
    expect({ exit, annotations }).toEqual({ exit: 0, annotations: [] });
    expect(outputs).toMatchObject({
      verified: 'true',
      verdict: 'accepted',
      digest: image.digest,
      image: image.reference,
      images: image.reference,
    });
    const place = image.reference.replace(image.digest, signature.digest);
    expect(JSON.parse(outputs['results'] ?? '')).toMatchObject([
      {
        image: image.reference,
        verdict: 'accepted',
        evidence: [
          {
            requirement: 'signature',
            bundles: [{ source: 'registry', place, identity: WORKFLOW }],
          },
        ],
        failures: [],
      },
    ]);
    expect(log).toContain(`▼ accepted: ${image.reference}\n  signature: signed by ${WORKFLOW}`);
    expect(summary).toContain('✅ accepted');
    expect(shown(summary)).toContain(`<code>${WORKFLOW}</code>`);
  });

  test('sends one read to the registry and one to GitHub, and none to a signing service', async () => {
    await world.forget();
    await world.run(entry, { mode: 'verify', images: image.reference });
    const { repository, digest } = image;
    expect((await asked(world.registry)).sort()).toEqual(
      [
        `GET /v2/${repository}/blobs/${signature.blob}`,
        `GET /v2/${repository}/manifests/${digest}`,
        `GET /v2/${repository}/manifests/${digest.replace(':', '-')}`,
        `GET /v2/${repository}/manifests/${digest.replace(':', '-')}.att`,
        `GET /v2/${repository}/manifests/${digest.replace(':', '-')}.sig`,
        `GET /v2/${repository}/manifests/${signature.digest}`,
        `GET /v2/${repository}/referrers/${digest}`,
      ].sort(),
    );
    expect(await counted(world)).toEqual({ registry: 7, github: 1 });
    expect(await authorized(world)).toEqual(['github Bearer']);
  });

  test('writes no summary if "summary" is false', async () => {
    const { exit, summary } = await world.run(entry, {
      mode: 'verify',
      images: image.reference,
      summary: 'false',
    });
    expect({ exit, summary }).toEqual({ exit: 0, summary: '' });
  });
});
