// All spellings of owners, repositories and workflow files, and invalid ones.
import { describe, expect, test } from '@jest/globals';

import {
  parseOwner,
  parseRepository,
  parseWorkflowName,
  urlOf,
} from '../../src/names/github-name.ts';
import { isProblem, type Parsed } from '../../src/text/parsed.ts';

const HERE = 'https://git.acme.example';
const FILE = '.github/workflows/release.yml';
const SHA = '1f0d0a3c5b7e9d2f4a6c8e0b1d3f5a7c9e2b4d60';

function valueOf<T>(parsed: Parsed<T>): T {
  if (isProblem(parsed)) throw new TypeError(parsed.problem);
  return parsed.value;
}

describe('a repository', () => {
  test.each([
    ['acme/app', `${HERE}/acme/app`],
    ['jane_acme/a.b_c-d', `${HERE}/jane_acme/a.b_c-d`],
    ['github.com/acme/app', 'https://github.com/acme/app'],
    ['GitHub.com/Acme/App', 'https://github.com/Acme/App'],
    ['https://github.com/acme/app', 'https://github.com/acme/app'],
    ['https://acme.ghe.com/acme/app', 'https://acme.ghe.com/acme/app'],
    ['https://localhost:3000/acme/app', 'https://localhost:3000/acme/app'],
  ])('is parsed: %s', (text, url) => {
    const name = valueOf(parseRepository(text, HERE));
    expect({ url: urlOf(name), owner: name.owner.toLowerCase() }).toEqual({
      url,
      owner: url.includes('jane') ? 'jane_acme' : 'acme',
    });
  });

  test('has its id', () =>
    expect(valueOf(parseRepository('github.com/acme/app#1000001', HERE))).toEqual({
      server: 'https://github.com',
      owner: 'acme',
      path: 'acme/app',
      id: '1000001',
    }));

  test('has the address of a server with http', () =>
    expect(urlOf(valueOf(parseRepository('acme/app', 'http://git')))).toBe('http://git/acme/app'));

  test.each([
    ['app', 'is not of the expected form', 'owner/name'],
    ['acme/', 'is not of the expected form', 'owner/name'],
    ['/app', 'is not of the expected form', 'owner/name'],
    ['-acme/app', 'is not of the expected form', 'owner/name'],
    ['acme/app/x', 'is not of the expected form', 'owner/name'],
    ['acme/..', 'is not of the expected form', 'owner/name'],
    ['acme/app name', 'is not of the expected form', 'owner/name'],
    ['github.com/acme', 'is not of the expected form', 'owner/name'],
    ['acme/app#', 'has no number after the "#"', '"acme/app#1000001"'],
    ['acme/app#id', 'has no number after the "#"', 'gh api repos'],
    ['acme/app#012', 'has no number after the "#"', '"acme/app#1000001"'],
    ['acme/app#1#2', 'has no number after the "#"', '"acme/app#1000001"'],
    ['http://github.com/acme/app', 'is not of the expected form', 'owner/name'],
    ['https://user@github.com/acme/app', 'is not of the expected form', 'owner/name'],
    ['https://github.com/acme/app?tab=readme', 'is a pattern', 'owner/name'],
    ['acme/*', 'is a pattern', '"owner" for all repositories of an owner'],
    ['^https://github.com/acme/app', 'is a pattern', 'owner/name'],
    ['https://github.com/acme/.+', 'is a pattern', 'owner/name'],
    ['https://github.com/acme/app.git', 'ends in ".git"', 'write "https://github.com/acme/app"'],
  ])('is rejected: %s', (text, problem, remedy) =>
    expect(parseRepository(text, HERE)).toEqual({
      problem: expect.stringContaining(`"${text}" ${problem}`),
      remedy: expect.stringContaining(remedy),
    }),
  );
});

describe('an owner', () => {
  test.each([
    ['acme', `${HERE}/acme`],
    ['github.com/acme', 'https://github.com/acme'],
    ['https://acme.ghe.com/acme', 'https://acme.ghe.com/acme'],
  ])('is parsed: %s', (text, url) => expect(urlOf(valueOf(parseOwner(text, HERE)))).toBe(url));

  test.each([
    ['acme/app', 'is a repository', 'write "repository: acme/app"'],
    ['https://github.com/acme/app', 'is a repository', '"repository: https://github.com/acme/app"'],
    ['@acme', 'is not of the expected form', 'the name alone'],
    ['acme*', 'is a pattern', 'the name alone'],
    ['acme.example', 'is not of the expected form', 'the name alone'],
  ])('is rejected: %s', (text, problem, remedy) =>
    expect(parseOwner(text, HERE)).toEqual({
      problem: expect.stringContaining(`"${text}" ${problem}`),
      remedy: expect.stringContaining(remedy),
    }),
  );
});

describe('a signer workflow', () => {
  test.each([
    [`acme/app/${FILE}`, `${HERE}/acme/app`, undefined],
    [`github.com/acme/app/${FILE}`, 'https://github.com/acme/app', undefined],
    [`https://acme.ghe.com/acme/app/${FILE}`, 'https://acme.ghe.com/acme/app', undefined],
    [`acme/app/${FILE}@refs/heads/main`, `${HERE}/acme/app`, 'refs/heads/main'],
    [
      `github.com/acme/app/${FILE}@refs/tags/@acme/app@1.0.0`,
      'https://github.com/acme/app',
      'refs/tags/@acme/app@1.0.0',
    ],
    [`https://github.com/acme/app/${FILE}@${SHA}`, 'https://github.com/acme/app', SHA],
  ])('is parsed: %s', (text, repository, ref) => {
    const name = valueOf(parseWorkflowName(text, HERE));
    expect({ repository: urlOf(name.repository), file: name.file, ref: name.ref }).toEqual({
      repository,
      file: FILE,
      ref,
    });
  });

  const form = 'owner/name/.github/workflows/file.yml, followed by "@ref"';
  test.each([
    ['release.yml', '"release.yml" is not of the expected form', form],
    ['acme/app', '"acme/app" is not of the expected form', form],
    ['acme/app/release.yml', 'is not of the expected form', form],
    ['acme/app/.github/workflows/release', 'is not of the expected form', form],
    ['acme/app/.github/workflows/a b.yml', 'is not of the expected form', form],
    ['acme/app/.github/workflows/a/b.yml', 'is not of the expected form', form],
    [`acme/app/${FILE}@`, `"acme/app/${FILE}@" is not of the expected form`, form],
    ['acme/app/.github/workflows/*.yml', 'is a pattern', form],
    [`^https://github.com/acme/app/${FILE}`, 'is a pattern', form],
    [
      `acme/app/${FILE}@v1`,
      '"v1" is neither a ref nor a full commit',
      '"@refs/tags/v1" for a tag, "@refs/heads/v1" for a branch, or all digits of a commit',
    ],
    [`acme/app/${FILE}@${SHA.slice(0, 7)}`, 'neither a ref nor a full commit', 'all digits'],
    [`acme/app/${FILE}@${SHA.toUpperCase()}`, 'has upper-case digits', `write "${SHA}"`],
    [`acme/app/${FILE}@${SHA}0`, 'is not a full commit', 'all 40 or 64 hex digits'],
    [`acme/app/${FILE}@refs/tags/`, 'is not a complete ref', 'branch or tag'],
    [
      `github.com/acme/app/${FILE}@refs/tags/v*`,
      '"refs/tags/v*" is a pattern',
      `remove the ref ("github.com/acme/app/${FILE}"), and use "source-ref: refs/tags/v*"`,
    ],
    [`acme/app/${FILE}@^refs/tags/v.+$`, 'is a pattern', '"source-ref: refs/tags/v*"'],
    [`acme/app/${FILE}@v*`, 'is a pattern', '"source-ref: refs/tags/v*"'],
  ])('is rejected: %s', (text, problem, remedy) =>
    expect(parseWorkflowName(text, HERE)).toEqual({
      problem: expect.stringContaining(problem),
      remedy: expect.stringContaining(remedy),
    }),
  );
});
