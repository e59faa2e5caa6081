// The complete result of a run: outputs, summary and log are rendered from it.
import type { Format, MadeBundle, StoredBundle, VerifiedBundle } from './bundle.ts';
import type { OwnIdentity } from './identity.ts';
import type { NonEmpty } from './non-empty.ts';
import type { Repository } from './reference.ts';
import type { OnFailure } from './request.ts';
import type { Subject } from './subject.ts';
import type { TaggedImage } from './tag.ts';
import type { Failure, ImageVerdict, Outcome } from './verdict.ts';

/** The Sigstore instance that signed. */
export type InstanceName = 'public-good' | 'github' | 'custom';

export interface SignReport {
  readonly mode: 'sign';
  readonly instance: InstanceName;
  /** PEM, if a key signed. */
  readonly publicKey?: string | undefined;
  readonly subjects: NonEmpty<Subject>;
  readonly bundles: NonEmpty<ReportedBundle>;
  /** JSON Lines with every bundle of the step; empty if everything is in cosign v2's format. */
  readonly bundlePath: string;
  /** Stores that could not be written; the others were. */
  readonly failures: readonly Failure[];
  readonly tagging: Tagging;
}

/** The tags that were written, and why others were not. */
export interface Tagging {
  readonly tagged: readonly TaggedImage[];
  readonly failures: readonly Failure[];
}

/** A made bundle with every place where it is stored; the list may be empty. */
export interface ReportedBundle extends MadeBundle {
  readonly stored: readonly StoredBundle[];
}

export interface VerifyReport {
  readonly mode: 'verify';
  readonly images: NonEmpty<ImageVerdict>;
  readonly outcome: Outcome;
  readonly onFailure: OnFailure;
  /** Checks that the inputs disable, in words. */
  readonly insecure: readonly string[];
  /** Absent where nothing was to be copied. */
  readonly copying?: Copying;
}

/** What became of the evidence of the images in other repositories. */
export type Copying = { readonly targets: NonEmpty<Repository> } & (
  | {
      readonly kind: 'done';
      readonly copied: readonly CopiedBundle[];
      /** What was not copied; the rest was. */
      readonly failures: readonly Failure[];
    }
  /** Not every image is accepted, so nothing was copied. */
  | { readonly kind: 'withheld' }
);

/** Evidence with every place that has it now, which may be none. */
export interface CopiedBundle {
  readonly bundle: VerifiedBundle;
  readonly stored: readonly StoredBundle[];
}

/** What would be signed, and what was signed before. */
export interface PlannedSigning {
  readonly subjects: NonEmpty<Subject>;
  readonly predicateType: string;
  readonly format: Format;
  /** Where an earlier run stored it; empty for what would be signed. */
  readonly foundAt: readonly string[];
}

export interface DryRunReport {
  readonly mode: 'dry-run';
  readonly instance: InstanceName;
  readonly own: OwnIdentity;
  /** Addresses. */
  readonly services: readonly string[];
  readonly subjects: NonEmpty<Subject>;
  readonly signings: NonEmpty<PlannedSigning>;
  /** Where bundles would be stored. */
  readonly places: readonly string[];
  /** As each would be written. */
  readonly tags: readonly TaggedImage[];
}

export type Report = SignReport | DryRunReport | VerifyReport;
