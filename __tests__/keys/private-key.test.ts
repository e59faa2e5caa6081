// A private key is read in every form that cosign and OpenSSL write, and no message contains any of it.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { KINDS, pemOf, privatePemOf } from '../../lab/bundles/keys.ts';
import { rsaPair } from '../../lab/bundles/rsa.ts';
import { boxed, pkcs8 } from './cosign-box.ts';
import { keyIn, p256, PASSWORD, problemIn, publicPem, WRONG } from './private-keys.ts';

const PLAIN_KINDS = KINDS.filter(({ pair }) => pair.privateKey.asymmetricKeyType !== 'rsa-pss');

const { pair: rsa } = KINDS[6] ?? KINDS[0];

const cosign = (name: string): Promise<string> =>
  readFile(path.join(import.meta.dirname, 'cosign', name), 'utf8');

function exported(key: KeyObject, type: 'pkcs1' | 'sec1' | 'pkcs8', passphrase?: string): string {
  const encryption = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  return key.export({ format: 'pem', type, ...encryption }).toString();
}

describe('a private key', () => {
  test.each(PLAIN_KINDS.map(({ name, pair }) => [name, pair] as const))(
    'is read as PKCS#8: %s',
    async (_, pair) => {
      expect(publicPem(await keyIn(privatePemOf(pair)))).toBe(pemOf(pair));
    },
  );

  test('is read as SEC1, also after its parameters, and as PKCS#1', async () => {
    const sec1 = exported(p256.privateKey, 'sec1');
    const parameters =
      '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
    expect(publicPem(await keyIn(sec1))).toBe(pemOf(p256));
    expect(publicPem(await keyIn(parameters + sec1))).toBe(pemOf(p256));
    expect(publicPem(await keyIn(exported(rsa.privateKey, 'pkcs1')))).toBe(pemOf(rsa));
  });

  test('is read with surrounding text and carriage returns', async () => {
    const text = `Bag Attributes\n${privatePemOf(p256)}\n`.replaceAll('\n', '\r\n');
    expect(publicPem(await keyIn(text))).toBe(pemOf(p256));
  });

  test("is read encrypted as PKCS#8 and in OpenSSL's older format", async () => {
    const encrypted = exported(p256.privateKey, 'pkcs8', PASSWORD);
    expect(encrypted).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    expect(publicPem(await keyIn(encrypted, PASSWORD))).toBe(pemOf(p256));
    const old = exported(rsa.privateKey, 'pkcs1', PASSWORD);
    expect(old).toContain('Proc-Type: 4,ENCRYPTED');
    expect(publicPem(await keyIn(old, PASSWORD))).toBe(pemOf(rsa));
  });

  test.each(['generated', 'imported-rsa', 'imported-p384', 'imported-ed25519'])(
    'is read encrypted by cosign: %s',
    async (name) => {
      const key = await keyIn(await cosign(`${name}.key`), PASSWORD);
      expect(publicPem(key)).toBe(await cosign(`${name}.pub`));
    },
  );

  test('is read encrypted by cosign with an empty password and by cosign 1', async () => {
    const empty = await cosign('empty-password.key');
    expect(publicPem(await keyIn(empty))).toBe(await cosign('empty-password.pub'));
    expect(publicPem(await keyIn(boxed({}, pkcs8), PASSWORD))).toBe(pemOf(p256));
  });
});

describe('a password', () => {
  test('is required if it is missing and reported as likely wrong if decryption fails', async () => {
    const encrypted = [
      await cosign('generated.key'),
      exported(p256.privateKey, 'pkcs8', PASSWORD),
      exported(rsa.privateKey, 'pkcs1', PASSWORD),
    ];
    for (const text of encrypted) {
      expect(await problemIn(text)).toEqual({
        problem: 'it is encrypted, and no password is given',
        remedy: 'set "key-password" to its password, from a secret',
      });
      expect(await problemIn(text, WRONG)).toMatchObject({
        problem: 'the password does not open it',
        remedy: expect.stringMatching(/^check "key-password"/),
      });
    }
  });

  test('is rejected for a key that is not encrypted', async () => {
    expect(await problemIn(privatePemOf(p256), PASSWORD)).toEqual({
      problem: 'it is not encrypted, and a password is given',
      remedy: 'leave out "key-password", or pass the encrypted key',
    });
  });

  test('is rejected for a key that cosign encrypted with an empty password', async () => {
    expect(await problemIn(await cosign('empty-password.key'), WRONG)).toMatchObject({
      problem: 'the password does not open it',
    });
  });
});

describe('an invalid private key', () => {
  const labelled = (label: string, body = 'AAAA'): string =>
    `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
  const keyOf = (pair: { readonly privateKey: KeyObject }): string =>
    exported(pair.privateKey, 'pkcs8');

  test.each<[string, string, RegExp, RegExp]>([
    ['nothing', '', /^it is empty, not a PEM private key$/, /cosign\.key/],
    ['text', 'cosign', /^it is text of another kind/, /cosign\.key/],
    ['a public key', pemOf(p256), /^it is a public key/, /private half/],
    ['a certificate', labelled('CERTIFICATE'), /^it is a certificate/, /cosign\.key/],
    [
      'a key without line breaks',
      privatePemOf(p256).replaceAll('-----END PRIVATE KEY-----', ''),
      /^it is not a whole PEM private key$/,
      /line breaks/,
    ],
    ['two keys', privatePemOf(p256) + privatePemOf(rsa), /^it holds 2 private keys$/, /one/],
    ['another PEM block', labelled('PRIVATE KEY'), /"PRIVATE KEY" is damaged$/, /cosign/],
    ['an SSH key', labelled('OPENSSH PRIVATE KEY'), /of another kind$/, /ssh-keygen -p -m PKCS8/],
    ['a PGP key', labelled('PGP PRIVATE KEY BLOCK'), /^it is a PGP key/, /cosign\.key/],
    ['a DSA key', labelled('DSA PRIVATE KEY'), /"DSA PRIVATE KEY" is of another kind$/, /pkcs8/],
  ])('is rejected: %s', async (_, text, problem, remedy) => {
    expect(await problemIn(text)).toEqual({
      problem: expect.stringMatching(problem),
      remedy: expect.stringMatching(remedy),
    });
  });

  test.each<[string, string, string]>([
    [
      'the curve secp256k1',
      keyOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' })),
      'ec secp256k1',
    ],
    ['a short RSA key', keyOf(generateKeyPairSync('rsa', { modulusLength: 1024 })), 'rsa 1024'],
    [
      'an RSA key of an unusual size',
      keyOf(generateKeyPairSync('rsa', { modulusLength: 2560 })),
      'rsa 2560',
    ],
    ['an RSA-PSS key', keyOf(rsaPair(2048, 'rsa-pss')), 'rsa-pss 2048'],
    ['Ed448', keyOf(generateKeyPairSync('ed448')), 'ed448'],
    ['a key for key agreement', keyOf(generateKeyPairSync('x25519')), 'x25519'],
  ])('is rejected: %s', async (_, text, type) => {
    expect(await problemIn(text)).toEqual({
      problem: `it is a key of type ${type}`,
      remedy: 'use ECDSA P-256, P-384 or P-521, RSA of 2048, 3072 or 4096 bits, or Ed25519',
    });
  });
});
