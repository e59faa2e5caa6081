// A signer: the holder of a key, with or without a certificate.
import { createPublicKey, type KeyObject, sign } from 'node:crypto';

import { toPem } from '../services/sigstore/certificate.ts';
import { algorithmOf, type Hash } from './algorithm.ts';

export interface Holder {
  readonly publicKey: KeyObject;
  /** Null for Ed25519, which has only one hash. */
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

/** A certificate or a public key, as log entries need it. */
export interface VerifierOfHolder {
  readonly kind: 'x509Certificate' | 'publicKey';
  readonly key: KeyObject;
  readonly hash: Hash | null;
  readonly der: Buffer;
  readonly pem: string;
}

/** Signs with the default hash of the key's algorithm. */
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
