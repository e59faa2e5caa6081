// A bundle that our own verifier rejects is never stored: here, the trusted root belongs to another Sigstore instance.
import { readFile } from 'node:fs/promises';

import { afterAll, describe, expect, test } from '@jest/globals';

import { startSigstore } from '../../lab/services/start.ts';
import { asked, manifestsWritten } from './seen.ts';
import { entries, startWorld } from './world.ts';

const [world, other] = await Promise.all([startWorld(), startSigstore()]);
const { trustedRoot } = await other.writeTrust();
const image = await world.push('acme/app');
await world.forget();
const runs = await world.fromEach({
  mode: 'sign',
  images: image.reference,
  stores: 'registry, github',
  'trusted-root': trustedRoot,
});

afterAll(() => Promise.all([world.stop(), other.stop()]));

describe.each(entries)('signing step run from %s', (entry) => {
  const { exit, outputs, annotations } = runs[entry];

  test('fails with the check that its own bundle failed and a remedy', () => {
    expect({ exit, outputs }).toEqual({ exit: 1, outputs: { signed: 'false' } });
    expect(annotations).toHaveLength(1);
    expect(annotations[0]?.message).toMatch(
      /^Cannot store the signature of "127.*": it does not verify \(\w+\), [\w ]+ is not [\w -]+: .+\nTo fix: pass the "trusted-root" that belongs to the signing configuration/,
    );
  });

  test('keeps the rejected bundle in a file', async () => {
    const [, file = ''] = /the bundle is kept in (\S+)$/.exec(annotations[0]?.message ?? '') ?? [];
    expect(await readFile(file, 'utf8')).toContain(
      '"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"',
    );
  });
});

test('stores no bundle that its own verifier rejects', async () => {
  expect(await manifestsWritten(world.registry)).toEqual([]);
  expect((await asked(world.github)).filter((each) => !each.startsWith('GET'))).toEqual([]);
});

test.each(entries)('stores no rejected layer in the tags of cosign v2, from %s', async (entry) => {
  await world.forget();
  const { exit, outputs, annotations } = await world.run(entry, {
    mode: 'sign',
    images: image.reference,
    'signature-format': 'legacy',
    sigstore: world.trust.signingConfigs.rekor1,
    'trusted-root': trustedRoot,
  });
  expect({ exit, outputs }).toEqual({ exit: 1, outputs: { signed: 'false' } });
  const [, file = ''] = /the bundle is kept in (\S+)$/.exec(annotations[0]?.message ?? '') ?? [];
  expect(await readFile(`${file}.payload`, 'utf8')).toContain(image.digest);
  expect(await manifestsWritten(world.registry)).toEqual([]);
});
