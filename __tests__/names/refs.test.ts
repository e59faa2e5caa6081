// Refs and commits in the form that certificates use, and the remedy for other forms.
import { describe, expect, test } from '@jest/globals';

import { parseCommit, parseRef, parseRefPattern } from '../../src/names/refs.ts';

const SHA1 = '1f0d0a3c5b7e9d2f4a6c8e0b1d3f5a7c9e2b4d60';
const SHA256 = 'ab'.repeat(32);

test.each([SHA1, SHA256])('accepts the commit %s', (text) =>
  expect(parseCommit(text)).toEqual({ value: text }),
);

test.each([
  [SHA1.toUpperCase(), 'upper-case digits', `write "${SHA1}"`],
  [SHA1.slice(1), 'not a full commit', 'all 40 or 64 hex digits'],
  [`${SHA1}0`, 'not a full commit', 'all 40 or 64 hex digits'],
  ['main', 'not a full commit', 'all 40 or 64 hex digits'],
  [`sha1:${SHA1}`, 'not a full commit', 'all 40 or 64 hex digits'],
])('rejects the commit %s', (text, problem, remedy) =>
  expect(parseCommit(text)).toEqual({
    problem: expect.stringContaining(problem),
    remedy: expect.stringContaining(remedy),
  }),
);

test.each([
  'refs/heads/main',
  'refs/tags/v1.2.3',
  'refs/tags/@acme/app@1.0.0',
  'refs/heads/release,stable',
  'refs/pull/7/merge',
])('accepts the ref %s', (text) => {
  expect(parseRef(text)).toEqual({ value: text });
  expect(parseRefPattern(text)).toEqual({ value: { kind: 'exact', values: [text] } });
});

test.each(['refs/tags/v*', 'refs/heads/*', 'refs/heads/release/*'])(
  'accepts the pattern %s',
  (text) =>
    expect(parseRefPattern(text)).toEqual({ value: { kind: 'prefix', prefix: text.slice(0, -1) } }),
);

describe.each([
  [
    'main',
    'does not begin with "refs/"',
    '"refs/heads/main" for a branch, "refs/tags/main" for a tag',
  ],
  ['heads/main', 'does not begin with "refs/"', '"refs/heads/heads/main"'],
  ['v*', 'does not begin with "refs/"', '"refs/heads/v*" for a branch, "refs/tags/v*" for a tag'],
  ['*', 'does not begin with "refs/"', '"refs/heads/*"'],
  [SHA1, 'is a commit', '"source-digest"'],
  ['refs/tags/v*.0', 'is a pattern', '"refs/tags/v*"'],
  ['refs/tags/**', 'is a pattern', '"refs/tags/v*"'],
  ['^refs/tags/v.*', 'is a pattern', '"refs/tags/v*"'],
  ['refs/tags/v[0-9]*', 'is a pattern', '"refs/tags/v*"'],
  ['refs/tags/', 'is not a complete ref', '"refs/tags/*" for all refs under it'],
  ['refs/heads/main, refs/heads/next', 'is not a ref', 'one ref per line'],
  ['refs/heads/main,refs/heads/next', 'is not a ref', 'one ref per line'],
  ['refs/heads/a..b', 'is not a ref', 'as git names it'],
  ['refs/heads//main', 'is not a ref', 'as git names it'],
  ['refs/heads/.*', 'is not a ref', 'as git names it'],
])('the invalid ref pattern %s', (text, problem, remedy) => {
  test('is rejected', () =>
    expect(parseRefPattern(text)).toEqual({
      problem: expect.stringContaining(`"${text}" ${problem}`),
      remedy: expect.stringContaining(remedy),
    }));
});
