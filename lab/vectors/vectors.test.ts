// Every vector gives the result in the index, and every rejection code has an invalid vector.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import type { RejectionCode } from '../../src/model/rejection.ts';
import { complaintAbout, type Index } from './vector.ts';

const FOLDER = join(import.meta.dirname, 'data');
const { vectors } = JSON.parse(await readFile(join(FOLDER, 'index.json'), 'utf8')) as Index;

/** Incomplete lists do not compile. */
const CODES: Readonly<Record<RejectionCode, true>> = {
  BUNDLE_MALFORMED: true,
  BUNDLE_VERSION: true,
  BUNDLE_UNSUPPORTED: true,
  CERTIFICATE: true,
  CERTIFICATE_USAGE: true,
  CERTIFICATE_IDENTITY: true,
  SIGNATURE: true,
  KEY: true,
  TIMESTAMP: true,
  TRANSPARENCY_LOG: true,
  LOG_ENTRY_KEY: true,
  PAYLOAD_TYPE: true,
  STATEMENT: true,
  SUBJECT: true,
};

test.each(vectors.map((vector) => [vector.name, vector] as const))(
  'verifies the vector %s with the result in the index',
  async (_, vector) => {
    expect(await complaintAbout(vector, FOLDER)).toBeUndefined();
  },
);

test('has valid vectors and an invalid one for every code', () => {
  const codes = new Set(
    vectors.map((vector) => (vector.expect === 'verified' ? 'verified' : vector.expect.code)),
  );
  expect([...codes].sort()).toEqual(['INPUT_FILE', ...Object.keys(CODES), 'verified'].sort());
});

test('has no file without a vector and no two vectors with one name', async () => {
  const needed = vectors
    .flatMap(({ bundle, trustedRoot, layer, keys }) => [bundle, trustedRoot, layer, keys])
    .filter((path) => path !== undefined);
  const files = (await readdir(FOLDER, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  expect(files.map(({ parentPath, name }) => join(parentPath, name)).sort()).toEqual(
    [...new Set(['index.json', ...needed])].map((path) => join(FOLDER, path)).sort(),
  );
  expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length);
});
