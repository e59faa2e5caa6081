// Whether a key has made a signature: the algorithms of the Sigstore registry, https://github.com/sigstore/architecture-docs/blob/main/algorithm-registry.md
import { constants, type KeyObject, verify } from 'node:crypto';

/** Whether the key has made the signature over the data. */
export type HasSigned = (key: KeyObject, data: Uint8Array, signature: Uint8Array) => boolean;

interface Scheme {
  /** Null where the algorithm hashes by itself. */
  readonly hash: 'sha256' | 'sha384' | 'sha512' | null;
  readonly padding?: number;
}

/** Determined only by the key, never by the bundle. By default, cosign hashes with SHA-256 for every curve. */
export const hasSigned: HasSigned = (key, data, signature) =>
  schemesOf(key).some(({ hash, padding }) => {
    try {
      return verify(hash, data, padding === undefined ? key : { key, padding }, signature);
    } catch {
      return false;
    }
  });

function schemesOf({
  asymmetricKeyType: type,
  asymmetricKeyDetails: details,
}: KeyObject): readonly Scheme[] {
  switch (type) {
    case 'ed25519':
      return [{ hash: null }];
    case 'ec':
      return details?.namedCurve === 'secp384r1'
        ? [{ hash: 'sha256' }, { hash: 'sha384' }]
        : details?.namedCurve === 'secp521r1'
          ? [{ hash: 'sha256' }, { hash: 'sha512' }]
          : [{ hash: 'sha256' }];
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
