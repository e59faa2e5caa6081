// Whether a key has made a signature: the algorithms of the Sigstore registry, https://github.com/sigstore/architecture-docs/blob/main/algorithm-registry.md
import { constants, type KeyObject, verify } from 'node:crypto';

interface Scheme {
  /** Null if the algorithm hashes by itself. */
  readonly hash: 'sha256' | 'sha384' | 'sha512' | null;
  readonly padding?: number;
}

/** Determined only by the key, never by the bundle. By default, cosign hashes with SHA-256 for every curve. */
export function hasSigned(key: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  return schemesOf(key).some(({ hash, padding }) => {
    try {
      return verify(hash, data, padding === undefined ? key : { key, padding }, signature);
    } catch {
      return false;
    }
  });
}

function schemesOf({
  asymmetricKeyType: type,
  asymmetricKeyDetails: details,
}: KeyObject): readonly Scheme[] {
  switch (type) {
    case 'ed25519':
      return [{ hash: null }];
    case 'ec':
      return schemesOfCurve(details?.namedCurve);
    case 'rsa':
      return [
        { hash: 'sha256', padding: constants.RSA_PKCS1_PADDING },
        { hash: 'sha256', padding: constants.RSA_PKCS1_PSS_PADDING },
      ];
    case 'rsa-pss':
      return [{ hash: 'sha256', padding: constants.RSA_PKCS1_PSS_PADDING }];
    default:
      return [];
  }
}

function schemesOfCurve(curve: string | undefined): readonly Scheme[] {
  if (curve === 'secp384r1') return [{ hash: 'sha256' }, { hash: 'sha384' }];
  if (curve === 'secp521r1') return [{ hash: 'sha256' }, { hash: 'sha512' }];
  return [{ hash: 'sha256' }];
}
