// The states of a Sigstore bundle: signed by us, found, verified, stored.
import type { Annotations } from './claim.ts';
import { type Digest, digestOf } from './digest.ts';
import type { KeyHolder, Signer } from './identity.ts';
import type { NonEmpty } from './non-empty.ts';
import type { Provenance } from './provenance.ts';
import type { SourceName, StoreName } from './request.ts';
import type { Statement } from './statement.ts';
import type { Repository } from './reference.ts';
import type { Subject } from './subject.ts';
import type { Rejection } from './verdict.ts';

export const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** Bytes of one bundle, as GitHub's store takes them. */
export const BUNDLE_LIMIT = 16 << 20;

/** How a signature is kept: as a Sigstore bundle, or as a layer of cosign v2's tags `.sig` and `.att`. */
export type Format = 'bundle' | 'layer';

/** What is signed, and what says who has signed and when. */
export interface SignedLayer {
  readonly mediaType: string;
  readonly blob: Buffer;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Signed in this step, or before it, about these subjects, and not yet checked. */
export interface SignedBundle {
  /** The digest of its bytes: what is said of a bundle names it by this. */
  readonly id: Digest;
  readonly subjects: NonEmpty<Subject>;
  readonly predicateType: string;
  /** The bundle as JSON, byte for byte what is stored; of a layer, the bundle that readers take it for. */
  readonly json: Buffer;
  /** Absent for a bundle. */
  readonly layer?: SignedLayer;
  /** Of the bundle, where it is not the one that we write. */
  readonly mediaType?: string;
  /** Where an earlier run has stored it, or an earlier step of the job has kept it; absent for what this step has signed. */
  readonly foundAt?: string;
}

export function signedBundle(parts: Omit<SignedBundle, 'id'>): SignedBundle {
  return { id: digestOf(parts.json), ...parts };
}

export function formatOf({ layer }: SignedBundle): Format {
  return layer ? 'layer' : 'bundle';
}

/** In a file, so that no signature is lost whatever becomes of it. */
export interface KeptBundle {
  readonly signed: SignedBundle;
  /** Path of a file with this bundle alone. */
  readonly file: string;
}

/** Accepted by our own verifier: only such a bundle is stored. */
export interface StorableBundle {
  readonly signed: SignedBundle;
  readonly verified: VerifiedBundle;
}

/** Made in this step. */
export interface MadeBundle extends KeptBundle, StorableBundle {}

export interface Found {
  readonly source: SourceName | 'this step';
  /** Where it was found, for messages: `ghcr.io/acme/app@sha256:…`, `attestation 123`. */
  readonly place: string;
}

/** Untrusted bytes: anyone with push access can write them. */
export interface FoundBundle extends Found {
  readonly json: Buffer;
  /** The layer of a `.sig` or `.att` image that the bundle was made from, byte for byte: the signed payload, or the envelope. */
  readonly layer?: Buffer;
  /** Of the layer, those that cosign writes. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Where it is not about the image itself, but about what BuildKit states of it. */
  readonly attested?: Attested;
}

/** A statement of BuildKit about an image, byte for byte, and the manifest that lists it. */
export interface Attested {
  readonly image: Digest;
  readonly manifest: Buffer;
  readonly statement: Buffer;
}

declare const verified: unique symbol;

/** A bundle that is cryptographically valid for its subject; only `sigstore/verify/verifier.ts` makes one. */
export type VerifiedBundle = WitnessedBundle | UnwitnessedBundle;

/** What a statement says of the image that it was verified for. */
export interface Claimed extends Pick<Statement, 'predicateType'> {
  /** Of a signature: the pairs that were signed with the image. */
  readonly annotations?: Annotations;
  /** Of provenance: what is compared with the signer, and reported. */
  readonly provenance?: Provenance;
}

interface Verified {
  readonly [verified]: true;
  /** Without its bytes: those of hundreds of bundles are gigabytes. */
  readonly found: Found;
  readonly statement: Claimed;
}

/** Trusted roots bear out who signed and when. */
export interface WitnessedBundle extends Verified {
  readonly signer: Signer;
  /** Names of these roots. */
  readonly roots: NonEmpty<string>;
  /** Empty for a key whose use a log saw that keeps no time. */
  readonly times: readonly VerifiedTime[];
  readonly logEntries: readonly LogEntry[];
}

/** A key has signed, and nobody who is trusted has seen it: it may have been stolen and used yesterday. */
export interface UnwitnessedBundle extends Verified {
  readonly signer: KeyHolder;
  /** What it is to everybody who asks for a witness. */
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

/** A place where a bundle was written, listed and found again. */
export interface StoredBundle {
  /** Of the bundle. */
  readonly id: Digest;
  readonly store: StoreName;
  /** The images for which readers find it there. */
  readonly subjects: NonEmpty<Subject>;
  /** For people, as the place of a found bundle. */
  readonly place: string;
  /** The referrer manifest in a registry. */
  readonly referrer?: Digest;
  /** The repository that has it, where that is not the image's own. */
  readonly repository?: Repository;
  /** The attestation in GitHub's store; without an id where the answer that had it was lost. */
  readonly attestation?: { readonly id?: string; readonly url: string };
}
