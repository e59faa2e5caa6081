// A private key that cosign encrypted with unusual or damaged parameters is rejected.
import { createHash } from 'node:crypto';

import { describe, expect, test } from '@jest/globals';

import { type BoxChange, boxed, pkcs8 } from './cosign-box.ts';
import { PASSWORD, problemIn } from './private-keys.ts';

describe('a box of cosign is refused', () => {
  test.each<[string, BoxChange, RegExp]>([
    ['of too much memory', { N: 1 << 18 }, /N=262144, r=8, p=1 are over the limit of 134217728/],
    ['of too many turns', { p: 64 }, /N=32768, r=8, p=64 are over the limit/],
    ['of parameters without end', { r: 2 ** 40 }, /are over the limit/],
    ['of no power of two', { N: 30000 }, /^it is damaged$/],
    ['of no work', { N: 1 }, /^it is damaged$/],
    ['of parameters that scrypt does not have', { N: 1 << 17, r: 1 }, /^it is damaged$/],
    [
      'of text for a number',
      {
        json: (box) => ({
          ...box,
          kdf: { name: 'scrypt', params: { N: '2', r: 8, p: 1 }, salt: '' },
        }),
      },
      /^it is damaged$/,
    ],
    [
      'of another derivation',
      { json: (box) => ({ ...box, kdf: { name: 'argon2' } }) },
      /^it is encrypted in another way/,
    ],
    [
      'of another cipher',
      { json: (box) => ({ ...box, cipher: { name: 'aes' } }) },
      /^it is encrypted in another way/,
    ],
    [
      'of a short nonce',
      { json: (box) => ({ ...box, cipher: { name: 'nacl/secretbox', nonce: 'AAAA' } }) },
      /^it is damaged$/,
    ],
    ['of nothing', { json: (box) => ({ ...box, ciphertext: '' }) }, /^it is damaged$/],
    ['that is no JSON', { json: () => 1 }, /^it is damaged$/],
  ])('%s', async (_, change, problem) => {
    expect(await problemIn(boxed(change, pkcs8), PASSWORD)).toEqual({
      problem: expect.stringMatching(problem),
      remedy: 'encrypt the key anew with "cosign import-key-pair"',
    });
  });

  test('of a changed byte', async () => {
    const change = (box: object): object => {
      const { ciphertext } = box as { ciphertext: string };
      const bytes = Buffer.from(ciphertext, 'base64');
      bytes[20] = (bytes[20] ?? 0) ^ 1;
      return { ...box, ciphertext: bytes.toString('base64') };
    };
    expect(await problemIn(boxed({ json: change }, pkcs8), PASSWORD)).toMatchObject({
      problem: 'the password does not open it',
    });
  });

  test('with something else in it', async () => {
    const digest = createHash('sha256').digest();
    expect(await problemIn(boxed({}, digest), PASSWORD)).toMatchObject({
      problem: 'what is encrypted is not a PKCS#8 private key',
    });
  });
});
