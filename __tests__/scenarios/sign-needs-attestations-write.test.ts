// Without "attestations: write", the step fails with the line to add; bundles in the registry stay and are reported.
import { afterAll, describe, expect, test } from '@jest/globals';

import { asked } from './seen.ts';
import { shown } from '../report/shown.ts';
import { entries, startWorld, TOKEN } from './world.ts';

const world = await startWorld({ github: { tokens: { [TOKEN]: 'read' } } });

afterAll(() => world.stop());

describe.each(entries)('signing step run from %s', (entry) => {
  test('names the missing permission and what it stored in the registry', async () => {
    const image = await world.push('acme/app', { content: entry });
    await world.forget();
    const { exit, outputs, annotations, summary, log } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      stores: 'registry, github',
    });
    expect(exit).toBe(1);
    expect(annotations).toEqual([
      {
        level: 'error',
        title: 'Countersign',
        message: expect.stringMatching(
          /^Cannot record the attestation in "acme\/app": GitHub answered 403\nTo fix: add "permissions: attestations: write" to the job/,
        ),
      },
    ]);
    expect(outputs).toMatchObject({
      signed: 'false',
      image: image.reference,
      'attestation-id': '',
      'attestation-url': '',
    });
    const [{ bundles }] = JSON.parse(outputs['results'] ?? '') as [
      { bundles: { stored: { store: string; referrer: string }[] }[] },
    ];
    expect(bundles.map(({ stored }) => stored.map(({ store }) => store))).toEqual([
      ['registry'],
      ['registry'],
    ]);
    for (const { referrer } of bundles.flatMap(({ stored }) => stored)) {
      expect(log).toContain(`stored at ${world.registry.host}/acme/app@${referrer}`);
      expect(shown(summary)).toContain(referrer);
    }
    expect(summary).toContain('❌ Cannot record the attestation');
    // The rejection is final: the request is not repeated.
    const writes = (await asked(world.github)).filter((each) => !each.startsWith('GET'));
    expect(writes).toEqual(['POST /repos/acme/app/attestations']);

    const gate = await world.run(entry, {
      mode: 'verify',
      images: image.reference,
      require: 'signature, provenance',
    });
    expect(gate).toMatchObject({ exit: 0, outputs: { verdict: 'accepted' } });
  });
});
