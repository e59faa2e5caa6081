// Images in the runner's list of artifacts.
import { describe, expect, test } from '@jest/globals';

import { parseArtifactsList } from '../../src/names/artifacts-list.ts';
import type { PinnedReference } from '../../src/model/reference.ts';
import type { Parsed } from '../../src/text/parsed.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const IMAGE = { name: 'ghcr.io/acme/app:v1', digest: DIGEST, kind: 'oci' };
const FILE = { name: 'app.tar.gz', digest: DIGEST, kind: 'file' };

const parse = (value: unknown): Parsed<readonly PinnedReference[]> =>
  parseArtifactsList(Buffer.from(JSON.stringify(value)));

test('reads images and ignores files', () => {
  expect(parse({ version: 1, subjects: [FILE, IMAGE] })).toEqual({
    value: [
      {
        text: 'ghcr.io/acme/app:v1',
        repository: { registry: 'ghcr.io', path: 'acme/app' },
        tag: 'v1',
        digest: DIGEST,
      },
    ],
  });
});

test.each([
  ['an empty file', ''],
  ['a line break', '\n'],
  ['an empty list', '{"version":1,"subjects":[]}'],
])('has no image in %s', (_, text) => {
  expect(parseArtifactsList(Buffer.from(text))).toEqual({ value: [] });
});

describe('an invalid list', () => {
  test.each<[string, unknown, string]>([
    ['another version', { version: 2, subjects: [IMAGE] }, 'its version is 2, not 1'],
    ['no version', { subjects: [IMAGE] }, 'its version is null, not 1'],
    ['no artifacts', { version: 1 }, 'it has no list of subjects'],
    ['a list', [IMAGE], 'it is a JSON list, not an object'],
    ['an invalid subject', { version: 1, subjects: [null] }, 'a subject in it is not an object'],
    [
      'a subject without a name',
      { version: 1, subjects: [{ ...IMAGE, name: 1 }] },
      'no name or no digest',
    ],
    [
      'another kind',
      { version: 1, subjects: [{ ...IMAGE, kind: 'npm' }] },
      'of the kind "npm", neither oci nor file',
    ],
    ['no kind', { version: 1, subjects: [{ ...IMAGE, kind: undefined }] }, 'of the kind null'],
    [
      'an invalid name',
      { version: 1, subjects: [IMAGE, { ...IMAGE, name: 'ghcr.io/' }] },
      'the image "ghcr.io/" in it: "ghcr.io/" is not a valid repository name',
    ],
    [
      'a digest of another algorithm',
      { version: 1, subjects: [{ ...IMAGE, digest: `sha512:${'a'.repeat(128)}` }] },
      'is a digest of sha512',
    ],
    [
      'too many subjects',
      { version: 1, subjects: Array.from({ length: 5000 }, () => FILE) },
      'it has more than 10000 values',
    ],
  ])('is rejected: %s', (_, json, problem) => {
    expect(parse(json)).toMatchObject({ problem: expect.stringContaining(problem) });
  });

  test.each([
    ['a byte order mark', '\ufeff{"version":1,"subjects":[]}', 'byte order mark'],
    ['a truncated file', '{"version":1,', 'it is not JSON'],
    ['a duplicate key', '{"version":1,"version":1,"subjects":[]}', 'the key "version" twice'],
  ])('is rejected: %s', (_, text, problem) => {
    expect(parseArtifactsList(Buffer.from(text))).toMatchObject({
      problem: expect.stringContaining(problem),
    });
  });
});
