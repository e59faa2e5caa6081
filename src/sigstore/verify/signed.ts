// The signed content: checks whether a key signed it, and whether a digest matches it.
import { createHash, type KeyObject } from 'node:crypto';
import type { MessageSignature } from '@sigstore/bundle';
import { hasSigned } from '../../keys/signature.ts';

/** Content as the checks that a verifier needs, so that a digest alone is enough. */
export interface Signed {
  isSignedBy(key: KeyObject, signature: Uint8Array): boolean;
  /** With SHA-256, SHA-384 or SHA-512, depending on the length of the digest. */
  hasDigest(digest: Buffer): boolean;
}

/** The bytes of a message signature, which a bundle does not contain; an envelope contains them. */
export type MessageOf = (message: MessageSignature, layer: Buffer | undefined) => Signed;

/** Of P-256, P-384 and P-521, as the Sigstore algorithm registry pairs them, by their length in bytes. */
const HASHES = new Map([
  [32, 'sha256'],
  [48, 'sha384'],
  [64, 'sha512'],
]);

export function signedBytes(bytes: Buffer): Signed {
  return {
    isSignedBy: (key, signature) => hasSigned(key, bytes, signature),
    hasDigest(digest) {
      const hash = HASHES.get(digest.length);
      return hash !== undefined && createHash(hash).update(bytes).digest().equals(digest);
    },
  };
}
