// Bundles in files: one file with all, and one for each.
import { mkdtemp, open, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { ALL_BUNDLES, bundleFiles } from '../../src/action/files.ts';
import {
  type KeptBundle,
  type SignedBundle,
  signedBundle,
  type SignedLayer,
} from '../../src/model/bundle.ts';
import { mapEach, type NonEmpty } from '../../src/model/non-empty.ts';
import { PROVENANCE_TYPE, SIGNATURE_TYPE, SIMPLE_SIGNING_TYPE } from '../../src/model/types.ts';

const bundle = (predicateType: string, digit: string, json: string): SignedBundle =>
  signedBundle({
    subjects: [
      {
        repository: { registry: 'ghcr.io', path: 'acme/app' },
        digest: `sha256:${digit.repeat(64)}`,
      },
    ],
    predicateType,
    json: Buffer.from(json),
  });
const temp = await mkdtemp(path.join(tmpdir(), 'temp-'));

interface Kept {
  readonly all: string;
  readonly bundles: NonEmpty<KeptBundle>;
}

/** As a step of its own. */
async function keepBundles(signed: NonEmpty<SignedBundle>): Promise<Kept> {
  const { keep, keepAll } = bundleFiles(temp);
  const bundles = await Promise.all(mapEach(signed, keep));
  return { all: await keepAll(bundles), bundles };
}

test('writes each bundle unchanged, all of them one per line, and no file outside the directory', async () => {
  const signed: NonEmpty<SignedBundle> = [
    bundle(SIGNATURE_TYPE, 'a', '{"a":1}'),
    bundle(PROVENANCE_TYPE, 'a', '{"b":2}'),
    bundle('https://x.example/../../etc', 'b', '{"c":3}'),
  ];
  const { all, bundles } = await keepBundles(signed);
  expect(await readFile(all, 'utf8')).toBe('{"a":1}\n{"b":2}\n{"c":3}\n');
  expect(bundles.map((each) => each.signed)).toEqual(signed);
  expect(await Promise.all(bundles.map(({ file }) => readFile(file, 'utf8')))).toEqual([
    '{"a":1}',
    '{"b":2}',
    '{"c":3}',
  ]);
  expect(bundles.map(({ file }) => path.relative(path.dirname(all), file))).toEqual([
    'aaaaaaaaaaaa-signature-015abd7f5cc5.sigstore.json',
    'aaaaaaaaaaaa-provenance-0ab1a6d394cd.sigstore.json',
    'bbbbbbbbbbbb-https-x.example-..-..-etc-caba9cb06ac7.sigstore.json',
  ]);
  expect(path.dirname(path.dirname(all))).toBe(temp);
});

test('replaces the file of all bundles as a whole, so that a killed step loses none', async () => {
  const { keep, keepAll } = bundleFiles(temp);
  const first = await keep(bundle(SIGNATURE_TYPE, 'a', '{"a":1}'));
  await keep(bundle(SIGNATURE_TYPE, 'b', '{"b":2}'));
  const before = await open(path.join(path.dirname(first.file), ALL_BUNDLES));
  const all = await keepAll([first]);
  expect(await before.readFile('utf8')).toBe('{"a":1}\n{"b":2}\n');
  expect(await readFile(all, 'utf8')).toBe('{"a":1}\n');
  await before.close();
});

test('writes a layer of cosign v2 and its payload to files of their own only', async () => {
  const layer = (blob: string): SignedLayer => ({
    mediaType: 'a layer',
    blob: Buffer.from(blob),
    annotations: {},
  });
  const payload = { ...bundle(SIMPLE_SIGNING_TYPE, 'a', '{"a":1}'), layer: layer('payload') };
  const envelope = { ...bundle(PROVENANCE_TYPE, 'a', '{"b":2}'), layer: layer('envelope') };
  const alone = await keepBundles([payload, envelope]);
  expect(alone.all).toBe('');
  const [{ file }, attestation] = alone.bundles;
  expect(await readFile(file, 'utf8')).toBe('{"a":1}');
  expect(await readFile(`${file}.payload`, 'utf8')).toBe('payload');
  expect(await readdir(path.dirname(file))).toEqual(
    [file, `${file}.payload`, attestation?.file ?? ''].map((each) => path.basename(each)).sort(),
  );
  const beside = await keepBundles([payload, bundle(SIGNATURE_TYPE, 'a', '{"c":3}')]);
  expect(await readFile(beside.all, 'utf8')).toBe('{"c":3}\n');
});

test('writes two bundles of one type for one image to two files', async () => {
  const sbom = 'https://spdx.dev/Document';
  const { bundles } = await keepBundles([
    bundle(sbom, 'a', '{"of":"the image"}'),
    bundle(sbom, 'a', '{"of":"its base"}'),
  ]);
  expect(await Promise.all(bundles.map(({ file }) => readFile(file, 'utf8')))).toEqual([
    '{"of":"the image"}',
    '{"of":"its base"}',
  ]);
});

test('keeps the files of two steps of a job apart', async () => {
  const signed = bundle(SIGNATURE_TYPE, 'a', '{}');
  const [first, second] = await Promise.all([keepBundles([signed]), keepBundles([signed])]);
  expect(first.all).not.toBe(second.all);
});
