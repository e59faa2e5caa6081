// The states of a Sigstore bundle: signed by us, found, verified, stored.
import type { Digest } from './digest.ts';
import type { Signer } from './identity.ts';
import type { NonEmpty } from './non-empty.ts';
import type { SourceName, StoreName } from './request.ts';
import type { Statement } from './statement.ts';
import type { Subject } from './subject.ts';

export const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** Made in this step, about these subjects, and not yet checked. */
export interface SignedBundle {
  readonly subjects: NonEmpty<Subject>;
  readonly predicateType: string;
  /** The bundle as JSON, byte for byte what is stored. */
  readonly json: Buffer;
}

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
}

declare const verified: unique symbol;

/** A bundle that is cryptographically valid for its subject; only `sigstore/verifier.ts` makes one. */
export interface VerifiedBundle {
  readonly [verified]: true;
  /** Without its bytes: those of hundreds of bundles are gigabytes. */
  readonly found: Found;
  readonly statement: Pick<Statement, 'predicateType'>;
  readonly signer: Signer;
  /** Empty only for a key signature with `insecure-ignore-tlog`. */
  readonly times: readonly VerifiedTime[];
  readonly logEntries: readonly LogEntry[];
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

/** Stored, and found again by discovery. */
export interface StoredBundle {
  readonly store: StoreName;
  readonly subject: Subject;
  readonly predicateType: string;
  readonly place: string;
  /** The referrer manifest in a registry. */
  readonly referrer?: Digest;
  /** The attestation in GitHub's store; without an id where the answer that had it was lost. */
  readonly attestation?: { readonly id?: string; readonly url: string };
}
