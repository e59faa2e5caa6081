// Digests as users paste them.
import { describe, expect, test } from '@jest/globals';

import { digestOf, hexOf, isDigest, parseDigest } from '../../src/model/digest.ts';

const HEX = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

test.each([`sha256:${HEX}`, HEX, `  sha256:${HEX}\n`])('accepts %j', (text) => {
  expect(parseDigest(text)).toEqual({ value: `sha256:${HEX}` });
});

test.each([
  ['', 'is empty', 'only set if the build pushes'],
  ['  \n', 'is empty', 'steps.build.outputs.digest'],
  [`sha256::${HEX}`, 'an extra colon', 'once'],
  [`sha256:${HEX.toUpperCase()}`, 'upper-case', 'lower case'],
  [HEX.toUpperCase(), 'upper-case', 'lower case'],
  [`sha512:${HEX}${HEX}`, 'is a digest of sha512', 'imagetools inspect'],
  [`blake3:${HEX}`, 'is a digest of blake3', 'sha256'],
  [`sha256:${OF_NOTHING}`, 'of empty content', 'steps.build.outputs.digest'],
  [OF_NOTHING, 'of empty content', 'steps.build.outputs.digest'],
  [`sha256:${HEX.slice(1)}`, '64 hex digits', 'steps.build.outputs.digest'],
  [`sha256:${HEX}0`, '64 hex digits', 'steps.build.outputs.digest'],
  [`sha256:${HEX.slice(1)}g`, '64 hex digits', 'steps.build.outputs.digest'],
  [`SHA256:${HEX}`, '64 hex digits', 'steps.build.outputs.digest'],
  ['sha256:', '64 hex digits', 'steps.build.outputs.digest'],
  ['latest', '"latest"', 'steps.build.outputs.digest'],
  [`sha256:${HEX}\nsha256:${HEX}`, 'a single digest', 'docker buildx imagetools create'],
  [`["sha256:${HEX}"]`, 'a single digest', 'docker buildx imagetools create'],
])('rejects %j: %s', (text, problem, remedy) => {
  expect(parseDigest(text)).toEqual({
    problem: expect.stringContaining(problem),
    remedy: expect.stringContaining(remedy),
  });
});

describe('a digest in a document', () => {
  test.each([
    [`sha256:${HEX}`, true],
    [HEX, false],
    [`sha256:${HEX.toUpperCase()}`, false],
    [`sha256:${HEX} `, false],
    [`sha512:${HEX}`, false],
    [256, false],
    [undefined, false],
  ])('accepts or rejects %j: %s', (value, expected) => expect(isDigest(value)).toBe(expected));

  test('is computed over the bytes', () => {
    expect(digestOf(Buffer.from('test'))).toBe(`sha256:${HEX}`);
    expect(hexOf(digestOf(Buffer.from('test')))).toBe(HEX);
  });
});
