// Who signs: the holder of a key, which others know or for which there is a certificate.
import { createPublicKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { toPem } from '../services/sigstore/certificate.ts';
import { algorithmOf } from './algorithm.ts';
import type { Hash } from './algorithm.ts';

export interface Holder {
  readonly publicKey: KeyObject;
  /** Null for keys that sign without a hash of their own choice. */
  readonly hash: Hash | null;
  /** DER. */
  readonly certificate?: Buffer;
  sign(data: Buffer): Buffer;
}

export interface CertifiedHolder extends Holder {
  /** Private. */
  readonly key: KeyObject;
  readonly certificate: Buffer;
}

/** How others are told who has signed. */
export interface VerifierOfHolder {
  readonly kind: 'x509Certificate' | 'publicKey';
  readonly key: KeyObject;
  readonly hash: Hash | null;
  readonly der: Buffer;
  readonly pem: string;
}

/** Signs with the hash that goes with the key. */
export function certifiedHolder(key: KeyObject, certificate: Buffer): CertifiedHolder {
  const { hash } = algorithmOf(key);
  return {
    key,
    certificate,
    hash,
    publicKey: createPublicKey(key),
    sign: (data) => sign(hash, data, key),
  };
}

export function verifierOf({ publicKey: key, hash, certificate }: Holder): VerifierOfHolder {
  if (certificate)
    return { kind: 'x509Certificate', key, hash, der: certificate, pem: toPem(certificate) };
  return {
    kind: 'publicKey',
    key,
    hash,
    der: key.export({ format: 'der', type: 'spki' }),
    pem: key.export({ format: 'pem', type: 'spki' }).toString(),
  };
}
