// Verifies a signature over a digest, which node:crypto cannot do: the log receives digests, never the artifact.
import { constants, createHash, type KeyObject, publicDecrypt } from 'node:crypto';

import { p256, p384, p521 } from '@noble/curves/nist.js';

import { oid, octets, nothing, sequence } from './der.ts';

const CURVES: Readonly<Record<string, typeof p256>> = {
  prime256v1: p256,
  secp384r1: p384,
  secp521r1: p521,
};

export function verifySignedDigest(digest: Buffer, signature: Buffer, key: KeyObject): boolean {
  try {
    return key.asymmetricKeyType === 'rsa'
      ? verifyRsa(digest, signature, key)
      : verifyEcdsa(digest, signature, key);
  } catch {
    return false;
  }
}

function verifyRsa(digest: Buffer, signature: Buffer, key: KeyObject): boolean {
  const sha256Info = sequence(sequence(oid('2.16.840.1.101.3.4.2.1'), nothing()), octets(digest));
  return publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature).equals(sha256Info);
}

// FIPS 186-5 section 6.4.2
function verifyEcdsa(digest: Buffer, signature: Buffer, key: KeyObject): boolean {
  const curve = CURVES[key.asymmetricKeyDetails?.namedCurve ?? ''];
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  // SEC 1 section 2.3.3, uncompressed.
  const point = Buffer.concat([
    Buffer.of(4),
    ...[x, y].map((each) => Buffer.from(each, 'base64url')),
  ]);
  const options = { prehash: false, format: 'der', lowS: false } as const;
  return curve?.verify(signature, digest, point, options) ?? false;
}

export function sha256(bytes: Buffer | string): Buffer {
  return createHash('sha256').update(bytes).digest();
}
