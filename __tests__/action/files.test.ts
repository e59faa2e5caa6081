// Bundles in files: one file with all, and one for each.
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { keepBundles } from '../../src/action/files.ts';
import type { SignedBundle } from '../../src/model/bundle.ts';
import { PROVENANCE_TYPE, SIGNATURE_TYPE } from '../../src/model/types.ts';

const bundle = (predicateType: string, digit: string, json: string): SignedBundle => ({
  subjects: [
    { repository: { registry: 'ghcr.io', path: 'acme/app' }, digest: `sha256:${digit.repeat(64)}` },
  ],
  predicateType,
  json: Buffer.from(json),
});

test('each bundle byte for byte, all of them a line each, and no name that leaves the directory', async () => {
  const temp = await mkdtemp(path.join(tmpdir(), 'temp-'));
  const bundles = [
    bundle(SIGNATURE_TYPE, 'a', '{"a":1}'),
    bundle(PROVENANCE_TYPE, 'a', '{"b":2}'),
    bundle('https://x.example/../../etc', 'b', '{"c":3}'),
  ];
  const { all, files } = await keepBundles(temp, bundles);
  expect(await readFile(all, 'utf8')).toBe('{"a":1}\n{"b":2}\n{"c":3}\n');
  expect(await Promise.all(files.map((file) => readFile(file, 'utf8')))).toEqual([
    '{"a":1}',
    '{"b":2}',
    '{"c":3}',
  ]);
  expect(files.map((file) => path.relative(path.dirname(all), file))).toEqual([
    'aaaaaaaaaaaa-signature.sigstore.json',
    'aaaaaaaaaaaa-provenance.sigstore.json',
    'bbbbbbbbbbbb-https-x.example-..-..-etc.sigstore.json',
  ]);
  expect(path.dirname(path.dirname(all))).toBe(temp);
});

test('two steps of one job keep theirs apart', async () => {
  const temp = await mkdtemp(path.join(tmpdir(), 'temp-'));
  const [first, second] = await Promise.all([keepBundles(temp, []), keepBundles(temp, [])]);
  expect(first.all).not.toBe(second.all);
});
