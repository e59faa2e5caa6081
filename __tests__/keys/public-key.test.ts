// Public keys as PEM, and the errors for everything else that users pass.
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { parsePublicKeys } from '../../src/keys/public-key.ts';
import { hasSigned } from '../../src/keys/signature.ts';
import { createAuthority, toPem } from '../../lab/services/sigstore/certificate.ts';
import { KINDS, pemOf, privatePemOf, signWith } from '../../lab/bundles/keys.ts';

const parse = (text: string): ReturnType<typeof parsePublicKeys> =>
  parsePublicKeys(text, 'cosign.pub');
const now = { notBefore: new Date(), notAfter: new Date(Date.now() + 60_000) };

describe('parsePublicKeys()', () => {
  test.each(KINDS)('reads $name', ({ pair }) => {
    expect(parse(pemOf(pair))).toMatchObject({
      value: [{ from: 'cosign.pub', fingerprint: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) }],
    });
  });

  test('reads several keys with surrounding text', () => {
    const text = `our key of 2025\n${pemOf(KINDS[0].pair)}\r\nand of 2026:\r\n${pemOf(KINDS[5].pair).replaceAll('\n', '\r\n')}`;
    expect(parse(text)).toMatchObject({ value: [{}, {}] });
  });

  test('returns the same fingerprint as OpenSSL', () => {
    const pem =
      '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEKi4ivqGpE231OGH50PKbqy1Y1Kkb\nPOJC8+i2Wko82gBOUCe3M0Vw86H/4rhUhfoYEti4gdJ9wZbYmK0I2EE96g==\n-----END PUBLIC KEY-----\n';
    expect(parse(pem)).toMatchObject({
      value: [
        { fingerprint: 'sha256:c08f854f070d28a9fc5f64ffc7033507f420084b564c906c0e8a9ea45af90b6b' },
      ],
    });
  });

  test.each<[string, string, RegExp, RegExp]>([
    ['nothing', '', /it is empty/, /BEGIN PUBLIC KEY/],
    ['a web page', '<html>', /it is a web page, not a PEM public key/, /"Raw" button/],
    ['JSON', '{"certificateAuthorities":[]}', /it is JSON, .* not a PEM public key/, /cosign.pub/],
    ['an SSH key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 a@b', /it is an SSH key, not/, /cosign.pub/],
    [
      'a PGP key',
      '-----BEGIN PGP PUBLIC KEY BLOCK-----\nmQENBF\n-----END PGP PUBLIC KEY BLOCK-----',
      /it is a PGP key/,
      /cosign.pub/,
    ],
    [
      'a PGP key with a header',
      '-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: a-b\n\nmQENBF\n-----END PGP PUBLIC KEY BLOCK-----',
      /it is a PGP key/,
      /cosign.pub/,
    ],
    [
      'a truncated key',
      '-----BEGIN PUBLIC KEY-----\nMFkw',
      /it is not a complete PEM public key/,
      /cosign.pub/,
    ],
    ['bytes', '\ufffd0\ufffd', /it is a binary file, not/, /cosign.pub/],
    [
      'a private key',
      privatePemOf(KINDS[0].pair),
      /it is a private key/,
      /public half.*replace the key pair/,
    ],
    [
      'an encrypted private key',
      '-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED SIGSTORE PRIVATE KEY-----',
      /it is a private key/,
      /public half/,
    ],
    [
      'a certificate',
      createAuthority({ organization: 'x', commonName: 'x' }, now, 0).chain.map(toPem).join(''),
      /it is a certificate/,
      /only the public key/,
    ],
    [
      'a damaged key',
      '-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----',
      /is not a public key/,
      /PEM public key/,
    ],
    [
      'a valid key next to a private one',
      `${pemOf(KINDS[0].pair)}${privatePemOf(KINDS[1].pair)}`,
      /private key/,
      /public half/,
    ],
    [
      'a short RSA key',
      generateKeyPairSync('rsa', { modulusLength: 1024 })
        .publicKey.export({ format: 'pem', type: 'spki' })
        .toString(),
      /not supported: rsa 1024/,
      /2048 bits/,
    ],
    [
      'another curve',
      generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
        .publicKey.export({ format: 'pem', type: 'spki' })
        .toString(),
      /not supported: ec secp256k1/,
      /P-256/,
    ],
    [
      'a key for key agreement',
      generateKeyPairSync('x25519').publicKey.export({ format: 'pem', type: 'spki' }).toString(),
      /not supported: x25519/,
      /Ed25519/,
    ],
  ])('rejects %s', (_, text, problem, remedy) =>
    expect(parse(text)).toEqual({
      problem: expect.stringMatching(problem),
      remedy: expect.stringMatching(remedy),
    }),
  );
});

describe('hasSigned()', () => {
  const data = Buffer.from('the payload');

  test.each(KINDS)('accepts what $name signed, and only over the same payload', (kind) => {
    const signature = signWith(kind, data);
    expect(hasSigned(kind.pair.publicKey, data, signature)).toBe(true);
    expect(hasSigned(kind.pair.publicKey, Buffer.from('the payloaf'), signature)).toBe(false);
    expect(
      hasSigned(
        kind.pair.publicKey,
        data,
        signature.map((byte, index) => (index === signature.length >> 1 ? byte ^ 1 : byte)),
      ),
    ).toBe(false);
    expect(hasSigned(kind.pair.publicKey, data, Buffer.alloc(0))).toBe(false);
  });

  test('rejects another key', () => {
    for (const { pair } of KINDS.slice(1))
      expect(hasSigned(pair.publicKey, data, signWith(KINDS[0], data))).toBe(false);
  });
});
