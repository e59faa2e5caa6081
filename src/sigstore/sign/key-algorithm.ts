// The hash algorithm for each key: https://github.com/sigstore/architecture-docs/blob/main/algorithm-registry.md
import { type KeyObject, sign } from 'node:crypto';
import { ActionError } from '../../errors.ts';
import type { SigningServices } from './signing-config.ts';

export type Hash = 'sha256' | 'sha384' | 'sha512';

export interface KeyAlgorithm {
  /** In the terms of Rekor v2. */
  readonly details: string;
  readonly hash: Hash;
}

const CURVES: Readonly<Record<string, KeyAlgorithm>> = {
  prime256v1: { details: 'PKIX_ECDSA_P256_SHA_256', hash: 'sha256' },
  secp384r1: { details: 'PKIX_ECDSA_P384_SHA_384', hash: 'sha384' },
  secp521r1: { details: 'PKIX_ECDSA_P521_SHA_512', hash: 'sha512' },
};

/** Undefined for Ed25519: it does not sign a digest, and Rekor v2 only receives digests. */
export function algorithmOf({
  asymmetricKeyType: type,
  asymmetricKeyDetails: details,
}: KeyObject): KeyAlgorithm | undefined {
  if (type === 'ec') return CURVES[details?.namedCurve ?? ''];
  if (type !== 'rsa') return undefined;
  return { details: `PKIX_RSA_PKCS1V15_${details?.modulusLength ?? 0}_SHA256`, hash: 'sha256' };
}

/** Ed25519 hashes by itself. */
export function signWith(key: KeyObject, data: Uint8Array, hash: Hash): Buffer {
  return sign(key.asymmetricKeyType === 'ed25519' ? null : hash, data, key);
}

/** The hash with which all of these logs verify an envelope; throws `input` errors if there is none. */
export function hashForLogs(key: KeyObject, logs: SigningServices['logs']): Hash {
  const versions = new Set(logs.map(({ version }) => version));
  // cosign and Rekor v1 hash with SHA-256 for every curve.
  if (!versions.has(2)) return 'sha256';
  const algorithm = algorithmOf(key);
  if (!algorithm) throw unloggable('Rekor v2 accepts no signature of an Ed25519 key');
  if (versions.has(1) && algorithm.hash !== 'sha256')
    throw unloggable(
      `Rekor v1 hashes with SHA-256, and Rekor v2 with ${algorithm.hash.replace('sha', 'SHA-')} for this key`,
    );
  return algorithm.hash;
}

/** In cosign v2's format a SHA-256 digest is logged, and Rekor v1 requires the hash of the key's algorithm. Throws an `input` error. */
export function assertDigestIsLogged(key: KeyObject): void {
  if (algorithmOf(key)?.hash !== 'sha256')
    throw unloggable("in cosign v2's format Rekor v1 takes ECDSA P-256 and RSA alone");
}

function unloggable(state: string): ActionError {
  return new ActionError('input', 'INPUT_CONFLICT', {
    message: `Cannot log what the key signs: ${state}`,
    remedy: 'sign with an ECDSA P-256 key, which every log takes',
  });
}
