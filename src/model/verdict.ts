// The outcome of a gate with its reasons: evidence if accepted, findings if rejected.
import type { VerifiedBundle, WitnessedBundle } from './bundle.ts';
import type { NonEmpty } from './non-empty.ts';
import type {
  Authority,
  KeylessAuthority,
  UnwitnessedKeyAuthority,
  WitnessedKeyAuthority,
} from './policy.ts';
import type { FilePlace } from './place.ts';
import type { Finding, Rejection } from './rejection.ts';
import type { Subject } from './subject.ts';

export type Concluded = { readonly verified: VerifiedBundle } | { readonly rejected: Rejection };

/** Needs another trusted root, which is loaded only if nothing else decides. Throws `service` errors if it cannot be loaded. */
export interface Postponed {
  readonly postponed: () => Promise<Concluded>;
}

export type Checked = Concluded | Postponed;

/** A verified bundle of a required type, and the reasons why the closest authority does not accept it. */
export interface Unacceptable {
  readonly bundle: VerifiedBundle;
  readonly requirement: string;
  readonly authority: Authority;
  readonly findings: NonEmpty<Finding>;
}

/** Why something could not be done or read, usually an `ActionError`. */
export interface Failure {
  readonly kind: string;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** A place that was searched, and its result. */
export interface Looked {
  readonly place: string;
  readonly answer: string;
}

/** An authority that accepts a bundle: a bundle without a log entry or timestamp fits only one that ignores them. */
export type Acceptance =
  | {
      readonly authority: KeylessAuthority | WitnessedKeyAuthority;
      readonly bundle: WitnessedBundle;
    }
  | { readonly authority: UnwitnessedKeyAuthority; readonly bundle: VerifiedBundle };

export interface Evidence {
  readonly policy: string;
  readonly requirement: string;
  readonly acceptances: NonEmpty<Acceptance>;
}

/** A policy that accepts its images without evidence. */
export interface Exemption {
  readonly policy: string;
  readonly alternative: string;
}

/** Everything that was found, for every outcome. */
export interface Seen {
  /** Policies in mode warn that are not met. */
  readonly warnings?: readonly string[];
  readonly rejections: readonly Rejection[];
  readonly unacceptable: readonly Unacceptable[];
  /** Verified, but of a type that is not required. */
  readonly ignored: readonly VerifiedBundle[];
  readonly looked: readonly Looked[];
}

export type Verdict = Seen &
  (
    | {
        readonly outcome: 'accepted';
        readonly evidence: NonEmpty<Evidence>;
        readonly exemptions?: readonly Exemption[];
      }
    | {
        readonly outcome: 'accepted';
        readonly evidence: readonly [];
        readonly exemptions: NonEmpty<Exemption>;
      }
    | { readonly outcome: 'rejected' | 'unattested'; readonly unmet: NonEmpty<string> }
    /** Inconclusive: it could not be checked. Rejected: the image is not the one that was named. */
    | { readonly outcome: 'inconclusive' | 'rejected'; readonly failures: NonEmpty<Failure> }
  );

export type Outcome = Verdict['outcome'];

export interface ImageVerdict {
  /** The user's text. */
  readonly reference: string;
  /** The lines of files that name it. */
  readonly places: readonly FilePlace[];
  /** The name in the index of the image, such as `linux/arm64`; absent for the image itself. */
  readonly part?: string;
  /** Undefined if a tag could not be resolved. */
  readonly subject: Subject | undefined;
  readonly verdict: Verdict;
}
