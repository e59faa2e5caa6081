// Whom a verifier knows: the union of what those who ask it need. It says what a bundle is, and not who is welcome.
import type { TrustedKey } from '../../keys/trusted-key.ts';
import type { TrustStore } from '../trust/trust.ts';

/** Who is not named here is nobody: a bundle of theirs is refused. */
export interface Trusted {
  /** Whose certificates may sign; undefined where nobody asks for one. */
  readonly certificates: TrustStore | undefined;
  /** Any of them may have signed; empty where nobody asks for a key. */
  readonly keys: readonly TrustedKey[];
  /** Whose logs and timestamp authorities may have seen a key sign; undefined where nobody asks for a witness. */
  readonly witnesses: TrustStore | undefined;
}

export function byCertificates(certificates: TrustStore): Trusted {
  return { certificates, keys: [], witnesses: undefined };
}

export function byKeys(keys: readonly TrustedKey[], witnesses: TrustStore | undefined): Trusted {
  return { certificates: undefined, keys, witnesses };
}
