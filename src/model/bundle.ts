// The states of a Sigstore bundle: signed by us, verified, stored.
import type { Annotations } from './claim.ts';
import { type Digest, digestOf } from './digest.ts';
import type { Found } from './found.ts';
import type { KeyHolder, Signer } from './identity.ts';
import type { NonEmpty } from './non-empty.ts';
import type { Provenance } from './provenance.ts';
import type { Rejection } from './rejection.ts';
import type { Statement } from './statement.ts';
import type { Repository } from './reference.ts';
import type { Subject } from './subject.ts';

export const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** Bytes of one bundle that GitHub's store accepts. */
export const BUNDLE_LIMIT = 16 << 20;

/** The form of a signature: a Sigstore bundle, or a layer of cosign v2's tags `.sig` and `.att`. */
export type Format = 'bundle' | 'layer';

/** The signed content, and the material that proves signer and time. */
export interface SignedLayer {
  readonly mediaType: string;
  readonly blob: Buffer;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Signed in this step, or before it, about these subjects, and not yet checked. */
export interface SignedBundle {
  /** The digest of its bytes, by which everything refers to the bundle. */
  readonly id: Digest;
  readonly subjects: NonEmpty<Subject>;
  readonly predicateType: string;
  /** The bundle as JSON, byte for byte what is stored; for a layer, the bundle that readers convert it to. */
  readonly json: Buffer;
  /** Absent for a bundle. */
  readonly layer?: SignedLayer;
  /** Of the bundle, where it is not the one that we write. */
  readonly mediaType?: string;
  /** The places where an earlier run stored it or an earlier step of the job kept it; absent if this step signed it. */
  readonly foundAt?: string;
}

export function signedBundle(parts: Omit<SignedBundle, 'id'>): SignedBundle {
  return { id: digestOf(parts.json), ...parts };
}

export function formatOf({ layer }: SignedBundle): Format {
  return layer ? 'layer' : 'bundle';
}

/** Written to a file, so that no signature is lost. */
export interface KeptBundle {
  readonly signed: SignedBundle;
  /** Path of a file with only this bundle. */
  readonly file: string;
}

/** Accepted by our own verifier: only such a bundle is stored. */
export interface StorableBundle {
  readonly signed: SignedBundle;
  readonly verified: VerifiedBundle;
}

/** Made in this step. */
export interface MadeBundle extends KeptBundle, StorableBundle {}

declare const verified: unique symbol;

/** A bundle that is cryptographically valid for its subject; only `sigstore/verify/verifier.ts` makes one. */
export type VerifiedBundle = WitnessedBundle | UnwitnessedBundle;

/** The content of a statement for the image that it was verified for. */
export interface Claimed extends Pick<Statement, 'predicateType'> {
  /** For a signature: the pairs that were signed with the image. */
  readonly annotations?: Annotations;
  /** For provenance: what is compared with the signer, and reported. */
  readonly provenance?: Provenance;
}

interface Verified {
  readonly [verified]: true;
  /** Without its bytes: hundreds of bundles would take gigabytes. */
  readonly found: Found;
  readonly statement: Claimed;
}

/** Trusted roots confirm its signer and time. */
export interface WitnessedBundle extends Verified {
  readonly signer: Signer;
  /** Names of these roots. */
  readonly roots: NonEmpty<string>;
  /** Empty for a key signature in a log that records no time. */
  readonly times: readonly VerifiedTime[];
  readonly logEntries: readonly LogEntry[];
}

/** Signed with a key, without a trusted log entry or timestamp: the key may have been stolen and used yesterday. */
export interface UnwitnessedBundle extends Verified {
  readonly signer: KeyHolder;
  /** The rejection for every authority that requires a log entry or timestamp. */
  readonly unwitnessed: Rejection;
  readonly times: readonly [];
  readonly logEntries: readonly [];
}

export function isWitnessed(bundle: VerifiedBundle): bundle is WitnessedBundle {
  return !('unwitnessed' in bundle);
}

export interface VerifiedTime {
  readonly time: Date;
  readonly source: 'timestamp-authority' | 'transparency-log';
}

export interface LogEntry {
  /** Base URL of the log, as the trusted root names it. */
  readonly log: string;
  readonly index: string;
  /** A web page that shows the entry; Rekor v2 has none. */
  readonly link?: string;
}

export type StoreName = 'registry' | 'legacy' | 'github';

/** A place where a bundle was written, listed and found again. */
export interface StoredBundle {
  /** Of the bundle. */
  readonly id: Digest;
  readonly store: StoreName;
  /** The images for which readers find it at this place. */
  readonly subjects: NonEmpty<Subject>;
  /** For messages, like the place of a found bundle. */
  readonly place: string;
  /** The referrer manifest in a registry. */
  readonly referrer?: Digest;
  /** The repository that contains it, if that is not the image's own. */
  readonly repository?: Repository;
  /** The attestation in GitHub's store; without an id if the response with the id was lost. */
  readonly attestation?: { readonly id?: string; readonly url: string };
}
