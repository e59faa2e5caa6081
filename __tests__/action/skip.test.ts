// Which steps are skipped because they have no identity token, and which problems are reported anyway.
import { describe, expect, test } from '@jest/globals';

import type { Environment } from '../../src/action/environment.ts';
import { parseOrSkip, problemsOf, SIGN, VERIFY } from './given.ts';

const KEY = { key: 'cosign.key' };
const noToken: Partial<Environment> = { identityToken: 'unavailable' };
const by = (stranger: 'fork' | 'dependabot'): Partial<Environment> => ({
  ...noToken,
  event: { visibility: 'public', stranger },
});

async function reasonOf(inputs: object, environment: Partial<Environment>): Promise<string> {
  const request = await parseOrSkip({ ...SIGN, ...inputs }, environment);
  return request.mode === 'skip' ? request.skip.reason : request.mode;
}

describe('a skipped step', () => {
  test.each([
    ['from a fork', {}, by('fork'), 'fork-pull-request'],
    ['of Dependabot', {}, by('dependabot'), 'dependabot-pull-request'],
    [
      'from a fork whose token is available',
      {},
      { ...by('fork'), identityToken: 'available' },
      'fork-pull-request',
    ],
    [
      'without a token, if the inputs allow it',
      { 'if-no-identity': 'skip' },
      noToken,
      'no-identity',
    ],
    [
      'with a key and provenance',
      { ...KEY, attestations: 'provenance', 'if-no-identity': 'skip' },
      noToken,
      'no-identity',
    ],
    [
      'with a key and provenance from a fork',
      { ...KEY, attestations: 'provenance' },
      by('fork'),
      'fork-pull-request',
    ],
    [
      'with a key from an empty secret',
      { key: '', 'key-password': 'x' },
      by('fork'),
      'fork-pull-request',
    ],
    [
      'with a password from an empty secret',
      { 'registry-username': 'octocat' },
      by('fork'),
      'fork-pull-request',
    ],
    [
      'without a digest, because nothing was pushed',
      { digest: '' },
      by('fork'),
      'fork-pull-request',
    ],
    [
      'with an image that was not pushed',
      { images: '', digest: '', metadata: '{}' },
      by('fork'),
      'fork-pull-request',
    ],
  ] as const)('is a step %s', async (_, inputs, environment, reason) => {
    expect(await reasonOf(inputs, environment)).toBe(reason);
  });
});

describe('a step that signs', () => {
  test.each([
    ['with a key, which needs no token', KEY, by('fork')],
    ['with a key, regardless of "if-no-identity"', { ...KEY, 'if-no-identity': 'skip' }, noToken],
    ['with a token, regardless of "if-no-identity"', { 'if-no-identity': 'skip' }, {}],
  ] as const)('is a step %s', async (_, inputs, environment) => {
    expect(await reasonOf(inputs, environment)).toBe('sign');
  });
});

test('never skips a gate', async () => {
  expect(await parseOrSkip(VERIFY, by('fork'))).toHaveProperty('mode', 'verify');
});

describe('a problem that does not depend on the token', () => {
  test.each([
    ['an invalid name', { images: 'Acme/app' }, /"Acme\/app" has upper-case/],
    ['an invalid digest', { digest: 'sha256:abc' }, /^Cannot use "digest"/],
    ['an invalid store', { stores: 'ftp' }, /"ftp" is not supported/],
    ['an invalid choice', { 'if-no-identity': 'maybe' }, /"maybe" is neither fail nor skip/],
    ['an input of the other mode', { owner: 'acme' }, /^Cannot use "owner" with "mode: sign"/],
  ])('is reported for a pull request from a fork: %s', async (_, inputs, message) => {
    expect(await problemsOf({ ...SIGN, ...inputs }, by('fork'))).toEqual([
      expect.objectContaining({ message: expect.stringMatching(message) }),
    ]);
  });

  test('is reported in a job of this repository: an empty digest', async () => {
    const inputs = { ...SIGN, digest: '', 'if-no-identity': 'skip' };
    expect(await problemsOf(inputs, noToken)).toMatchObject([{ code: 'INPUT_MISSING' }]);
  });
});

test('fails a step without a token by default', async () => {
  expect(await problemsOf(SIGN, noToken)).toMatchObject([
    { code: 'PERMISSION_ID_TOKEN', remedy: expect.stringContaining('"if-no-identity: skip"') },
  ]);
});
