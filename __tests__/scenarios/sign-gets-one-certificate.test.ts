// One token, one key and one certificate are used for all signatures of a step; an image in two repositories is signed once.
import { readFile } from 'node:fs/promises';

import { afterAll, describe, expect, test } from '@jest/globals';

import { asked, manifestsWritten } from './seen.ts';
import { entries, startWorld } from './world.ts';

interface Line {
  readonly verificationMaterial: { readonly certificate: { readonly rawBytes: string } };
  readonly dsseEnvelope: { readonly payload: string };
}

const world = await startWorld();

afterAll(() => world.stop());

describe.each(entries)('signing step run from %s', (entry) => {
  test('signs three images with two digests and their provenance with one certificate', async () => {
    const one = await world.push(`acme/${entry}`, { content: 'one' });
    const mirrored = await world.push(`mirror/${entry}`, { content: 'one' });
    const two = await world.push(`acme/${entry}`, {
      content: 'two',
      platforms: ['linux/amd64', 'linux/arm64'],
    });
    const images = [one, mirrored, two].map(({ reference }) => reference);
    await world.forget();
    const { exit, outputs, log } = await world.run(entry, {
      mode: 'sign',
      images: images.join('\n'),
      attestations: 'provenance',
    });
    expect(exit).toBe(0);
    expect(outputs).toMatchObject({
      signed: 'true',
      digest: one.digest,
      image: one.reference,
      images: images.join('\n'),
    });
    expect(log).toContain(`Signed ${one.reference}, ${mirrored.reference}: signature`);

    expect((await asked(world.oidc)).filter((request) => request === 'GET /token')).toHaveLength(1);
    expect(await asked(world.sigstore, 'fulcio')).toEqual(['POST /api/v2/signingCert']);
    expect(await asked(world.sigstore, 'rekor-v2')).toHaveLength(4);
    expect(await asked(world.sigstore, 'tsa')).toHaveLength(4);
    expect(await manifestsWritten(world.registry)).toHaveLength(6);

    const lines = (await readFile(outputs['bundle-path'] ?? '', 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    expect(
      new Set(lines.map(({ verificationMaterial }) => verificationMaterial.certificate.rawBytes))
        .size,
    ).toBe(1);
    const subjects = lines.map(
      ({ dsseEnvelope }) =>
        (
          JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString()) as {
            subject: object[];
          }
        ).subject.length,
    );
    expect(subjects).toEqual([2, 2, 1, 1]);

    const gate = await world.run(entry, {
      mode: 'verify',
      images: images.join('\n'),
      require: 'signature\nprovenance',
    });
    expect(gate).toMatchObject({
      exit: 0,
      outputs: { verdict: 'accepted', images: images.join('\n') },
    });
  });
});
