// The authorities and keys that a verifier knows: the union of what its callers need. It returns what a bundle is, and not whether it is accepted.
import type { TrustedKey } from '../../keys/trusted-key.ts';
import type { TrustStore } from '../trust/trust.ts';

/** Bundles of all other signers are rejected. */
export interface Trusted {
  /** Authorities that can issue certificates; undefined if no certificate is accepted. */
  readonly certificates: TrustStore | undefined;
  /** The keys that can sign; empty if no key is accepted. */
  readonly keys: readonly TrustedKey[];
  /** Instances that can confirm key signatures; undefined if no log entry or timestamp is required. */
  readonly witnesses: TrustStore | undefined;
}

export function byCertificates(certificates: TrustStore): Trusted {
  return { certificates, keys: [], witnesses: undefined };
}

export function byKeys(keys: readonly TrustedKey[], witnesses: TrustStore | undefined): Trusted {
  return { certificates: undefined, keys, witnesses };
}
