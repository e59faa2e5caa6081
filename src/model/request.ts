// What a run is asked to do, complete and consistent: nothing downstream checks it again.
import type { Matcher } from './matcher.ts';
import type { NonEmpty } from './parsed.ts';
import type { Reference } from './reference.ts';
import type { Subject } from './subject.ts';

export type StoreName = 'registry' | 'github';
export type SourceName = 'registry' | 'github';
export type PredicateName = 'signature' | 'provenance';

/** `public-good`, or a private instance by the path of its signing configuration; `public-by-default` refuses private repositories. */
export type Instance =
  | { readonly kind: 'public-good' | 'public-by-default' }
  | { readonly kind: 'custom'; readonly signingConfig: string };

export interface Common {
  /** `trusted_root.json`; without it the root comes through TUF. */
  readonly trustedRoot?: string;
  /** Milliseconds, for all retries of the step together. */
  readonly retryTimeout: number;
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly githubToken?: string;
  /** `owner/name` of the repository that the job runs in. */
  readonly thisRepository: string;
  readonly summary: 'write' | 'leave';
}

export interface SignRequest extends Common {
  readonly mode: 'sign';
  readonly subjects: NonEmpty<Subject>;
  readonly stores: NonEmpty<StoreName>;
  readonly predicates: NonEmpty<PredicateName>;
  readonly instance: Instance;
}

export interface VerifyRequest extends Common {
  readonly mode: 'verify';
  readonly images: NonEmpty<Reference>;
  readonly requirements: Requirements;
  /** Whose attestations are asked for in GitHub's store, each `owner/name` or an owner. */
  readonly attestationsOf: NonEmpty<string>;
}

/** What must hold, all of it: a key that is absent was not asked for, and an issuer and an identity always are. */
export interface Requirements {
  readonly require: NonEmpty<RequiredType>;
  readonly issuer: Matcher;
  readonly identity: NonEmpty<IdentityRule>;
}

/** One bundle of this type that satisfies the identity rules. */
export interface RequiredType {
  /** As the user wrote it: `signature`, `provenance`, or a predicate type URI. */
  readonly name: string;
  readonly predicateTypes: NonEmpty<string>;
}

export type IdentityRuleName = 'repository' | 'owner' | 'signer-workflow' | 'certificate-identity';

export interface IdentityRule {
  readonly name: IdentityRuleName;
  readonly matcher: Matcher;
}
