// Patterns for identities and issuers: they match whole texts, spell out the owner, and take linear time.
import { describe, expect, test } from '@jest/globals';

import { matches } from '../../src/model/matcher.ts';
import { parseIdentityPattern } from '../../src/names/identity-pattern.ts';
import { isProblem } from '../../src/text/parsed.ts';

const GITHUB = 'https://github.com';
const REST = '.github/workflows/release.yml@refs/heads/main';

function accepts(source: string, text: string, part: 'identity' | 'issuer' = 'identity'): boolean {
  const parsed = parseIdentityPattern(source, part);
  if (isProblem(parsed)) throw new Error(parsed.problem);
  return matches(parsed.value, text);
}

function problemOf(source: string, part: 'identity' | 'issuer' = 'identity'): string {
  const parsed = parseIdentityPattern(source, part);
  return isProblem(parsed) ? parsed.problem : 'no problem';
}

describe('a valid pattern', () => {
  test.each([
    [String.raw`https://github\.com/acme/.*`, `${GITHUB}/acme/app/${REST}`],
    ['https://github.com/acme/.*', `${GITHUB}/acme/app/${REST}`],
    ['^https://github.com/acme/app/.+@refs/heads/(main|next)$', `${GITHUB}/acme/app/${REST}`],
    ['https://github.com/(acme|octo-org)/.*', `${GITHUB}/octo-org/x/${REST}`],
    ['(?i)https://github.com/ACME/.*', `${GITHUB}/acme/app/${REST}`],
    ['https://gitlab.com/acme/.+', 'https://gitlab.com/acme/app//.gitlab-ci.yml@refs/heads/main'],
    [String.raw`.*@acme\.com`, 'release@acme.com'],
    ['[^@]+@(acme|octo).com', 'ci@octo.com'],
    ['keyless@distroless.iam.gserviceaccount.com', 'keyless@distroless.iam.gserviceaccount.com'],
    ['spiffe://acme.org/ns/.*', 'spiffe://acme.org/ns/ci'],
    ['https://circleci.com/api/v2/projects/11aa/.*', 'https://circleci.com/api/v2/projects/11aa/x'],
  ])('accepts an identity: %s: %s', (source, text) => expect(accepts(source, text)).toBe(true));

  test.each([
    ['https://token.actions.githubusercontent.com(/.*)?', ''],
    ['https://token.actions.githubusercontent.com/.+', '/acme-corp'],
    ['https://(gitlab.com|token.actions.githubusercontent.com).*'.replace('.*', '(/.*)?'), ''],
  ])('accepts the issuer %s', (source, path) =>
    expect(accepts(source, `https://token.actions.githubusercontent.com${path}`, 'issuer')).toBe(
      true,
    ),
  );
});

describe('a valid pattern for another identity', () => {
  test.each([
    ['https://github.com/acme/app/.*@refs/heads/main', `${GITHUB}/acme/app/${REST}-mallory`],
    ['https://github.com/acme/app/.*@refs/heads/main', ` ${GITHUB}/acme/app/${REST}`],
    ['https://github.com/acme/app/.*@refs/heads/main', `x\n${GITHUB}/acme/app/${REST}\nx`],
    ['(?m)^https://github.com/acme/.*@.*$', `x\n${GITHUB}/acme/app/${REST}`],
    ['https://github.com/acme/app/.*|https://gitlab.com/acme/.*', `${GITHUB}/mallory/app/${REST}`],
    ['https://github.com/acme/.*', `https://githubxcom/acme/app/${REST}`],
    ['https://github.com/acme/.*', `${GITHUB}/ACME/app/${REST}`],
    // Only an email address: the domain could be the end of a branch name.
    ['.*@acme.com', `${GITHUB}/mallory/app/.github/workflows/x.yml@refs/heads/x@acme.com`],
    ['.*@acme.com', 'mallory@mallory.example@acme.com'],
    ['.*@mail.acme.com', 'mallory@mail-acme.com'],
    ['[^a]+.*@acme.com', 'https:mallory@acme.com'],
  ])('rejects it: %s: %j', (source, text) => expect(accepts(source, text)).toBe(false));
});

describe('a pattern that is rejected with an example', () => {
  const stranger = `${GITHUB}/mallory/app/.github/workflows/x.yml@refs/heads/main`;

  test.each([
    ['.*', stranger],
    ['https://github.com/.*', stranger],
    ['https://.*', stranger],
    ['(https://github.com/acme/.*|.*)', stranger],
    [String.raw`https://github.com/\w+/app/.*`, stranger],
    [
      'https://github.com/acme.*',
      `${GITHUB}/acme-mallory/app/.github/workflows/x.yml@refs/heads/main`,
    ],
    ['.*acme.*', `${GITHUB}/malloryacmemallory/app/.github/workflows/x.yml@refs/heads/main`],
    [
      '.*/acme/app/.*',
      `${GITHUB}/mallory/acme/app/mallory/app/.github/workflows/x.yml@refs/heads/main`,
    ],
    ['https://[^/]+/acme/.*', 'https://-mallory/acme/'],
    ['https://github.com/acme[0-9]+/.*', `${GITHUB}/acme0/`],
    [String.raw`.*@.*\.acme\.com`, 'mallory@-mallory.acme.com'],
    ['[^/]*@.*', 'mallory@gmail.com'],
    ['[^@]+@gmail.com', 'mallory@gmail.com'],
  ])('has a remedy: %s', (source, example) =>
    expect(problemOf(source)).toBe(`the pattern "${source}" would also accept "${example}"`),
  );

  test.each(['.*', 'https://.*', 'https://.*.ghe.com', 'https://gitlab.com.*'])(
    'has a remedy for the issuer %s',
    (source) => expect(problemOf(source, 'issuer')).toContain('would also accept "https://'),
  );

  test('has a remedy only if the pattern accepts the example', () => {
    for (const source of ['.*', '.*acme.*', 'https://github.com/acme.*', 'https://.*']) {
      const [, example = ''] = /accept "(.*)"$/.exec(problemOf(source)) ?? [];
      expect(example).toMatch(new RegExp(`^(?:${source})$`));
    }
  });
});

describe('an invalid pattern', () => {
  test.each([
    ['(?=a)b', 'is not a regular expression'],
    [String.raw`(a)\1`, 'is not a regular expression'],
    ['https://github.com/(acme/.*', 'is not a regular expression'],
    ['a'.repeat(1001), 'has 1001 characters, over the limit of 1000'],
    [
      'https://github.com/acme/((a{40}){5}){5}((a{40}){5}){5}(b{999})(c{999})(d{999})',
      'repeats too much',
    ],
    ['https://github.com/acme/app', 'matches no identity'],
    ['https://github.com/acme/*', 'matches no identity'],
    ['a@[^\\x00-\\x7f]', 'no identity matches'],
    ['release-[0-9]{40}', 'no identity matches'],
  ])('is rejected: %s', (source, problem) => expect(problemOf(source)).toContain(problem));
});

test('matches in linear time', () => {
  const text = `${GITHUB}/acme/${'a'.repeat(30_000)}`;
  const started = performance.now();
  expect(accepts('https://github.com/acme/(a+)+b@', text)).toBe(false);
  expect(accepts('https://github.com/acme/(a|aa)*b@', text)).toBe(false);
  problemOf('((a+)+)+b');
  expect(performance.now() - started).toBeLessThan(5000);
});
