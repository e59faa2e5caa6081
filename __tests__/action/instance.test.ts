// The input `sigstore`: its values, and the conflicts that are found before any request.
import { describe, expect, test } from '@jest/globals';

import { parse, problemsOf, SIGN } from './given.ts';

const KEY = { key: 'cosign.key' };
const GHES = { serverUrl: 'https://ghes.example' };
const TENANT = { serverUrl: 'https://acme.ghe.com' };

describe('the input "sigstore"', () => {
  test.each(['auto', 'public-good', 'github'])('accepts %s', async (sigstore) => {
    expect(await parse({ ...SIGN, sigstore })).toHaveProperty('instance', { kind: sigstore });
  });

  test('treats an empty expression as auto', async () => {
    expect(await parse({ ...SIGN, sigstore: '' })).toHaveProperty('instance.kind', 'auto');
  });

  test.each(['auto', 'github'])('accepts %s on a tenant of ghe.com', async (sigstore) => {
    expect(await problemsOf({ ...SIGN, sigstore }, TENANT)).toEqual([]);
  });

  test.each(['auto', 'public-good'])('accepts %s with a key on any server', async (sigstore) => {
    expect(await problemsOf({ ...SIGN, ...KEY, sigstore }, GHES)).toEqual([]);
  });
});

test.each([
  [
    'github with a key',
    { ...KEY, sigstore: 'github' },
    {},
    'Cannot combine "key" with "sigstore: github"',
    'remove "sigstore"',
  ],
  [
    'auto on GitHub Enterprise Server',
    {},
    GHES,
    'Cannot use "sigstore: auto" on https://ghes.example: that Sigstore instance does not accept',
    'set "sigstore" to the signing configuration of a private Sigstore instance',
  ],
  [
    'github on a server whose name ends like that of a tenant',
    { sigstore: 'github' },
    { serverUrl: 'https://acme.ghe.com.example' },
    'Cannot use "sigstore: github"',
    'sign with "key"',
  ],
  [
    'public-good on a tenant',
    { sigstore: 'public-good' },
    TENANT,
    'Cannot use "sigstore: public-good" on https://acme.ghe.com',
    'set "sigstore: github"',
  ],
])('rejects %s', async (_, inputs, environment, message, remedy) => {
  const problems = await problemsOf({ ...SIGN, ...inputs }, environment);
  expect(problems).toMatchObject([
    {
      code: 'INPUT_CONFLICT',
      message: expect.stringContaining(message),
      remedy: expect.stringContaining(remedy),
    },
  ]);
});
