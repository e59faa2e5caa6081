// ECDSA over a digest, for an artifact that is not available: FIPS 186-5 section 6.4.2. The product always has the signed bytes.
import type { KeyObject } from 'node:crypto';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { type Digest, hexOf } from '../../src/model/digest.ts';
import type { Signed } from '../../src/sigstore/verify/signed.ts';

const CURVES = { prime256v1: p256, secp384r1: p384, secp521r1: p521 } as const;

/** Content whose SHA-256 is the only known fact; only ECDSA can be verified like this. */
export function signedDigest(digest: Digest): Signed {
  const bytes = Buffer.from(hexOf(digest), 'hex');
  return {
    hasDigest: (other) => other.equals(bytes),
    isSignedBy(key, signature) {
      const curve = curveOf(key);
      // Neither OpenSSL nor Go requires the smaller of the two possible values of `s`.
      const options = { prehash: false, format: 'der', lowS: false } as const;
      return curve !== undefined && curve.verify(signature, bytes, pointOf(key), options);
    },
  };
}

function curveOf({
  asymmetricKeyDetails,
}: KeyObject): (typeof CURVES)[keyof typeof CURVES] | undefined {
  const name = asymmetricKeyDetails?.namedCurve;
  return name !== undefined && Object.hasOwn(CURVES, name)
    ? CURVES[name as keyof typeof CURVES]
    : undefined;
}

/** SEC 1 section 2.3.3, uncompressed. */
function pointOf(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return Buffer.concat([
    Buffer.from([4]),
    Buffer.from(x, 'base64url'),
    Buffer.from(y, 'base64url'),
  ]);
}
