// With "stores: github", the provenance is recorded in GitHub's attestation store; with both stores, each bundle is where its readers look.
import { afterAll, describe, expect, test } from '@jest/globals';

import { asked, authorized, manifestsWritten } from './seen.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();

afterAll(() => world.stop());

/** Earlier records are searched first, and nothing counts as recorded before the list contains it. */
const recordedAndRead = (digest: string): readonly string[] => {
  const list = `GET /repos/acme/app/attestations/${encodeURIComponent(digest)}`;
  return [list, 'POST /repos/acme/app/attestations', list];
};

describe.each(entries)('signing step run from %s', (entry) => {
  test('with "stores: github", records provenance and writes nothing to the registry', async () => {
    const image = await world.push('acme/app', { content: `${entry} alone` });
    await world.forget();
    const { exit, outputs, log, summary } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      stores: 'github',
    });
    expect(exit).toBe(0);
    const { 'attestation-id': id = '', 'attestation-url': url } = outputs;
    expect(id).toMatch(/^\d+$/);
    expect(url).toBe(`https://github.com/acme/app/attestations/${id}`);
    expect(outputs['signed']).toBe('true');
    expect(JSON.parse(outputs['results'] ?? '')).toMatchObject([
      {
        bundles: [
          {
            predicateType: 'https://slsa.dev/provenance/v1',
            stored: [
              { store: 'github', place: `attestation ${id} of acme/app`, attestation: { id, url } },
            ],
          },
        ],
      },
    ]);
    expect(log).toContain(`stored at attestation ${id} of acme/app`);
    expect(summary).toContain(`(${url ?? ''})`);
    expect(await asked(world.github, 'github')).toEqual(recordedAndRead(image.digest));
    expect(await manifestsWritten(world.registry)).toEqual([]);
    expect(await authorized(world)).toEqual(['github Bearer', 'oidc Bearer']);

    const gate = await world.run(entry, {
      mode: 'verify',
      images: image.reference,
      require: 'provenance',
    });
    expect(gate).toMatchObject({ exit: 0, outputs: { verdict: 'accepted' } });
    expect(JSON.parse(gate.outputs['results'] ?? '')).toMatchObject([
      { evidence: [{ bundles: [{ source: 'github' }] }] },
    ]);
  });

  test('with both stores, writes the signature to the registry and the provenance to both', async () => {
    const image = await world.push('acme/app', { content: `${entry} both` });
    await world.forget();
    const { exit, outputs } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      stores: 'registry\ngithub',
    });
    expect(exit).toBe(0);
    const [{ bundles }] = JSON.parse(outputs['results'] ?? '') as [
      { bundles: { predicateType: string; stored: { store: string }[] }[] },
    ];
    expect(
      bundles.map(({ predicateType, stored }) => [predicateType, stored.map(({ store }) => store)]),
    ).toEqual([
      ['https://sigstore.dev/cosign/sign/v1', ['registry']],
      ['https://slsa.dev/provenance/v1', ['registry', 'github']],
    ]);
    expect(await manifestsWritten(world.registry)).toHaveLength(2);
    expect(await asked(world.github, 'github')).toEqual(recordedAndRead(image.digest));
    expect(await asked(world.sigstore, 'fulcio')).toHaveLength(1);
  });
});
