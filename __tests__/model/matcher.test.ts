// Values that look like a match but are not.
import { describe, expect, test } from '@jest/globals';

import { exactly, formatMatcher, matches } from '../../src/model/matcher.ts';

const WORKFLOW = 'https://github.com/acme/app/.github/workflows/release.yml';

describe('an exact matcher', () => {
  const matcher = exactly('https://github.com/acme');

  test('accepts the same text', () =>
    expect(matches(matcher, 'https://github.com/acme')).toBe(true));

  test.each([
    '',
    'https://github.com/acm',
    'https://github.com/acme/',
    'https://github.com/acme-evil',
    'https://github.com/acme/app',
    'xhttps://github.com/acme',
    'https://github.com/Acme',
    'https://github.com/acme\n',
    ' https://github.com/acme',
    'https://githubXcom/acme',
    'http://github.com/acme',
  ])('rejects %j', (value) => expect(matches(matcher, value)).toBe(false));

  test('accepts any of several texts', () => {
    const several = { kind: 'exact', values: ['a', 'b'] } as const;
    expect(['a', 'b', 'c', 'ab', 'a or b'].filter((value) => matches(several, value))).toEqual([
      'a',
      'b',
    ]);
    expect(formatMatcher(several)).toBe('a or b');
  });
});

describe('a prefix matcher', () => {
  const matcher = { kind: 'prefix', prefix: 'https://github.com/acme/app/' } as const;

  test.each([`${WORKFLOW}@refs/heads/main`, 'https://github.com/acme/app/'])(
    'accepts %s',
    (value) => expect(matches(matcher, value)).toBe(true),
  );

  test.each([
    '',
    'https://github.com/acme/app',
    'https://github.com/acme/app-evil/.github/workflows/release.yml@refs/heads/main',
    'https://github.com/acme/App/.github/workflows/release.yml@refs/heads/main',
    'https://github.com/acme-evil/app/.github/workflows/release.yml@refs/heads/main',
    `x${WORKFLOW}@refs/heads/main`,
    'https://githubXcom/acme/app/.github/workflows/release.yml@refs/heads/main',
  ])('rejects %j', (value) => expect(matches(matcher, value)).toBe(false));

  test('describes what it accepts', () =>
    expect(formatMatcher(matcher)).toBe('https://github.com/acme/app/*'));
});

test('a none-of matcher accepts any other text', () => {
  const matcher = { kind: 'none-of', values: ['pull_request', 'x'] } as const;
  const others = ['push', '', 'pull_request_target', 'Pull_request'];
  expect(['pull_request', 'x', ...others].filter((value) => matches(matcher, value))).toEqual(
    others,
  );
  expect(formatMatcher(matcher)).toBe('anything but pull_request and x');
});

test('an any-of matcher accepts what one of its matchers accepts', () => {
  const matcher = {
    kind: 'any-of',
    matchers: [exactly('refs/heads/main'), { kind: 'prefix', prefix: 'refs/tags/v' }],
  } as const;
  const refs = ['refs/heads/main', 'refs/tags/v1', 'refs/heads/main2', 'refs/tags/1', ''];
  expect(refs.filter((value) => matches(matcher, value))).toEqual(refs.slice(0, 2));
  expect(formatMatcher(matcher)).toBe('refs/heads/main or refs/tags/v*');
});

describe('a matcher for any ref of a workflow', () => {
  const matcher = { kind: 'any-ref', url: WORKFLOW } as const;

  test.each([
    `${WORKFLOW}@refs/heads/main`,
    `${WORKFLOW}@refs/tags/v1.2.3`,
    `${WORKFLOW}@1f0d0a3c5b7e9d2f4a6c8e0b1d3f5a7c9e2b4d60`,
  ])('accepts %s', (value) => {
    expect(matches(matcher, value)).toBe(true);
  });

  test.each([
    '',
    WORKFLOW,
    `${WORKFLOW}@`,
    `${WORKFLOW}x@refs/heads/main`,
    `${WORKFLOW}/x@refs/heads/main`,
    `${WORKFLOW}/refs/heads/main`,
    `${WORKFLOW}.yml@refs/heads/main`,
    `x${WORKFLOW}@refs/heads/main`,
    'https://github.com/acme/app/.github/workflows/release.yaml@refs/heads/main',
    'https://github.com/acme/app-evil/.github/workflows/release.yml@refs/heads/main',
    'https://github.com/acme-evil/app/.github/workflows/release.yml@refs/heads/main',
    'https://github.com/acme/app/.github/workflows/prerelease.yml@refs/heads/main',
    'https://github.com/ACME/app/.github/workflows/release.yml@refs/heads/main',
    // A file with an "@" in its name is another workflow.
    `${WORKFLOW}@evil.yml@refs/heads/main`,
    `${WORKFLOW}@refs/heads/main@`,
    `https://evil.example/${WORKFLOW}@refs/heads/main`,
  ])('rejects %j', (value) => expect(matches(matcher, value)).toBe(false));

  test('describes what it accepts', () =>
    expect(formatMatcher(matcher)).toBe(`${WORKFLOW}@ any ref`));
});
