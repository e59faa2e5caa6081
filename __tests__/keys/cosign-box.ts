// The encrypted form in which cosign 1 stored a private key, with changes.
import { randomBytes, scryptSync } from 'node:crypto';

import { secretbox } from '@noble/ciphers/salsa.js';

import { p256, PASSWORD } from './private-keys.ts';

export interface BoxChange {
  readonly N?: number;
  readonly r?: number;
  readonly p?: number;
  readonly json?: (box: object) => unknown;
}

/** As cosign 1 encrypted it, with another label and half the work. */
export function boxed(
  { N = 32768, r = 8, p = 1, json = (box) => box }: BoxChange,
  der: Buffer,
): string {
  const [salt, nonce] = [randomBytes(32), randomBytes(24)];
  // Over the limit no key is derived, so any bytes serve as the key.
  const key =
    128 * N * r * p > 128 << 20 || N < 2 || !Number.isInteger(Math.log2(N)) || r === 1
      ? randomBytes(32)
      : scryptSync(PASSWORD, salt, 32, { N, r, p, maxmem: 256 << 20 });
  const box = {
    kdf: { name: 'scrypt', params: { N, r, p }, salt: salt.toString('base64') },
    cipher: { name: 'nacl/secretbox', nonce: nonce.toString('base64') },
    ciphertext: Buffer.from(secretbox(key, nonce).seal(der)).toString('base64'),
  };
  const body = Buffer.from(JSON.stringify(json(box))).toString('base64');
  const lines = body.replaceAll(/.{64}/g, '$&\n');
  return `-----BEGIN ENCRYPTED COSIGN PRIVATE KEY-----\n${lines}\n-----END ENCRYPTED COSIGN PRIVATE KEY-----\n`;
}

export const pkcs8 = p256.privateKey.export({ format: 'der', type: 'pkcs8' });
