// A private key that cosign encrypted with unusual or damaged parameters is rejected.
import { createHash } from 'node:crypto';

import { describe, expect, test } from '@jest/globals';

import { type BoxChange, boxed, pkcs8 } from './cosign-box.ts';
import { PASSWORD, problemIn } from './private-keys.ts';

describe('a private key encrypted by cosign', () => {
  test.each<[string, BoxChange, RegExp]>([
    ['too much memory', { N: 1 << 18 }, /N=262144, r=8, p=1 are over the limit of 134217728/],
    ['too many iterations', { p: 64 }, /N=32768, r=8, p=64 are over the limit/],
    ['endless parameters', { r: 2 ** 40 }, /are over the limit/],
    ['a cost that is not a power of two', { N: 30000 }, /^it is damaged$/],
    ['a cost of zero', { N: 1 }, /^it is damaged$/],
    ['parameters that scrypt does not have', { N: 1 << 17, r: 1 }, /^it is damaged$/],
    [
      'text in place of a number',
      {
        json: (box) => ({
          ...box,
          kdf: { name: 'scrypt', params: { N: '2', r: 8, p: 1 }, salt: '' },
        }),
      },
      /^it is damaged$/,
    ],
    [
      'another key derivation',
      { json: (box) => ({ ...box, kdf: { name: 'argon2' } }) },
      /^it is encrypted in another way/,
    ],
    [
      'another cipher',
      { json: (box) => ({ ...box, cipher: { name: 'aes' } }) },
      /^it is encrypted in another way/,
    ],
    [
      'a short nonce',
      { json: (box) => ({ ...box, cipher: { name: 'nacl/secretbox', nonce: 'AAAA' } }) },
      /^it is damaged$/,
    ],
    ['no content', { json: (box) => ({ ...box, ciphertext: '' }) }, /^it is damaged$/],
    ['text that is not JSON', { json: () => 1 }, /^it is damaged$/],
  ])('is rejected with %s', async (_, change, problem) => {
    expect(await problemIn(boxed(change, pkcs8), PASSWORD)).toEqual({
      problem: expect.stringMatching(problem),
      remedy: 'encrypt the key anew with "cosign import-key-pair"',
    });
  });

  test('is rejected with a changed byte', async () => {
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

  test('is rejected with another content', async () => {
    const digest = createHash('sha256').digest();
    expect(await problemIn(boxed({}, digest), PASSWORD)).toMatchObject({
      problem: 'what is encrypted is not a PKCS#8 private key',
    });
  });
});
