// The algorithm for each key: https://github.com/sigstore/architecture-docs/blob/main/algorithm-registry.md
import type { KeyObject } from 'node:crypto';

export type Hash = 'sha256' | 'sha384' | 'sha512';

export interface Algorithm {
  readonly hash: Hash;
  /** In the terms of Rekor v2. */
  readonly details: string;
}

export function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): Algorithm {
  switch (asymmetricKeyDetails?.namedCurve ?? asymmetricKeyType) {
    case 'prime256v1':
      return { hash: 'sha256', details: 'PKIX_ECDSA_P256_SHA_256' };
    case 'secp384r1':
      return { hash: 'sha384', details: 'PKIX_ECDSA_P384_SHA_384' };
    case 'secp521r1':
      return { hash: 'sha512', details: 'PKIX_ECDSA_P521_SHA_512' };
    case 'rsa':
      return { hash: 'sha256', details: 'PKIX_RSA_PKCS1V15_2048_SHA256' };
    default:
      throw new RangeError(
        `No algorithm of Rekor v2 goes with a key of type ${String(asymmetricKeyType)}`,
      );
  }
}
