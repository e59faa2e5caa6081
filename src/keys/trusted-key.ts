// A public key that the user configured, without a certificate.
import type { KeyObject } from 'node:crypto';

export interface TrustedKey {
  readonly key: KeyObject;
  /** The SubjectPublicKeyInfo in DER. */
  readonly spki: Buffer;
  /** `sha256:` and the hex digest of the SubjectPublicKeyInfo. */
  readonly fingerprint: string;
  /** Where it was read, for messages: a path, a URL, or "key" for one written into the workflow. */
  readonly from: string;
}
