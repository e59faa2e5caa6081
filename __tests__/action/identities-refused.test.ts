// Combinations of identity inputs that are rejected.
import { describe, expect, test } from '@jest/globals';

import type { RawInputs } from '../../src/action/inputs.ts';
import { problemsOf, VERIFY } from './given.ts';
import { GITHUB, WORKFLOW } from './identity-words.ts';

describe('conflicting identity inputs', () => {
  const file = `${GITHUB}/acme/app/.github/workflows/a.yml`;

  test.each<[Partial<RawInputs>, string, string]>([
    [{ repository: ',' }, '"repository": it has no value', 'write a value'],
    [
      { repository: 'acme/app', owner: 'octocat' },
      'both must match, and only one of them names https://github.com/acme and https://github.com/octocat',
      'remove "owner"',
    ],
    [
      { repository: 'acme/app', owner: 'acme\noctocat' },
      'only one of them names https://github.com/octocat',
      'remove "owner"',
    ],
    [
      { repository: 'https://acme.ghe.com/acme/app', 'signer-workflow': WORKFLOW },
      'only one of them is on https://acme.ghe.com and https://github.com',
      'write both with the server',
    ],
    [
      { 'certificate-identity': `${file}@refs/heads/main, ${file}@refs/heads/next` },
      'is not one identity',
      'one identity per line',
    ],
    [
      { 'certificate-identity': `${file}@refs/heads/main,${file}@refs/heads/next` },
      'is not one identity',
      'one identity per line',
    ],
    [{ 'certificate-identity': 'a@b.example,c@d.example' }, 'is not one identity', 'per line'],
    [
      { 'certificate-identity': `^${file}@refs/heads/main` },
      'is a pattern, but identities are compared literally',
      'write the full identity, or use "repository" or "owner"',
    ],
    [{ 'certificate-identity': `${file}@refs/tags/v*` }, 'is a pattern', '"source-ref"'],
    [{ 'certificate-identity': `${GITHUB}/acme/.+` }, 'is a pattern', '"source-ref"'],
    [{ 'certificate-identity': file }, 'has no ref', `write "${file}@refs/heads/main"`],
    [
      { 'certificate-identity': `${file}@v1` },
      '"v1" is neither a ref nor a full commit',
      '"@refs/tags/v1" for a tag',
    ],
    [
      {
        'certificate-identity': 'a@b.example\nc@d.example\ne@f.example',
        'certificate-oidc-issuer': 'https://a.example\nhttps://b.example',
      },
      'Cannot pair 3 values of "certificate-identity" with 2 of "certificate-oidc-issuer"',
      'one issuer per identity, in the same order, or a single issuer for all',
    ],
    [
      { 'certificate-identity-regexp': 'https://github.com/acme.*' },
      'Cannot use "certificate-identity-regexp": the pattern "https://github.com/acme.*" would also accept "https://github.com/acme-mallory/app/.github/workflows/x.yml@refs/heads/main"',
      'spell out the host and the owner',
    ],
    [
      { 'certificate-oidc-issuer-regexp': '.*' },
      'Cannot use "certificate-oidc-issuer-regexp": the pattern ".*" would also accept "https://mallory.example"',
      'spell out the host',
    ],
    [
      { 'certificate-identity': 'a@b.example', 'certificate-identity-regexp': '[^@]+@b.example' },
      'Cannot combine "certificate-identity" with "certificate-identity-regexp"',
      'remove one of them',
    ],
    [
      { owner: 'acme', 'certificate-identity-regexp': '[^@]+@b.example' },
      'Cannot combine "certificate-identity-regexp" with "owner"',
      'use "owner" for GitHub workflows',
    ],
    [
      { 'certificate-oidc-issuer': 'https://*.example' },
      '"https://*.example" is not a URL',
      'write the issuer exactly as in the certificate',
    ],
  ])('are rejected: %j', async (inputs, message, remedy) =>
    expect(await problemsOf({ ...VERIFY, ...inputs })).toEqual([
      expect.objectContaining({
        message: expect.stringContaining(message),
        remedy: expect.stringContaining(remedy),
      }),
    ]),
  );
});
