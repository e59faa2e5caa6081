// What a run is asked to do, complete and consistent: nothing downstream checks it again.
import type { EvidencePlace } from './evidence-place.ts';
import type { Matcher } from './matcher.ts';
import type { NonEmpty } from './non-empty.ts';
import type { PinnedReference, Reference } from './reference.ts';
import type { ImageTag } from './tag.ts';

export type StoreName = 'registry' | 'github';
export type SourceName = 'registry' | 'legacy' | 'github';
export type PredicateName = 'signature' | 'provenance';

/** `public-good`, or a private instance by the path of its signing configuration; `public-by-default` refuses private repositories. */
export type Instance =
  | { readonly kind: 'public-good' | 'public-by-default' }
  | { readonly kind: 'custom'; readonly signingConfig: string };

export interface Common {
  /** Where registries keep what is signed about an image. */
  readonly evidencePlace: EvidencePlace;
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
  /** What was built, by digest: a tag may have moved since. */
  readonly images: NonEmpty<PinnedReference>;
  readonly stores: NonEmpty<StoreName>;
  readonly predicates: NonEmpty<PredicateName>;
  readonly instance: Instance;
  /** What each image is tagged with once it is stored; may be empty. */
  readonly tags: readonly ImageTag[];
}

export interface VerifyRequest extends Common {
  readonly mode: 'verify';
  readonly images: NonEmpty<Reference>;
  readonly requirements: Requirements;
  /** Whose attestations are asked for in GitHub's store, each `owner/name` or an owner. */
  readonly attestationsOf: NonEmpty<string>;
}

export type KeyLocation =
  | { readonly kind: 'pem'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: URL };

/** What must hold, all of it. */
export interface Requirements {
  readonly require: NonEmpty<RequiredType>;
  readonly signer: RequiredSigner;
}

export type RequiredSigner =
  /** A certificate of any of these identities, issued in all of these circumstances. */
  | {
      readonly kind: 'identity';
      readonly identities: NonEmpty<Identity>;
      readonly circumstances: readonly Circumstance[];
    }
  /** Any of the keys at these locations. */
  | { readonly kind: 'key'; readonly keys: NonEmpty<KeyLocation>; readonly witness: Witness };

/** Who has signed: a certificate with this issuer, for which every rule holds. */
export interface Identity {
  readonly issuer: Matcher;
  readonly rules: NonEmpty<IdentityRule>;
}

export type IdentityRuleName =
  | 'repository'
  | 'repository-id'
  | 'owner'
  | 'owner-id'
  | 'signer-workflow'
  | 'certificate-identity';

export interface IdentityRule {
  readonly name: IdentityRuleName;
  readonly matcher: Matcher;
}

export type CircumstanceName =
  | 'source-ref'
  | 'source-digest'
  | 'signer-digest'
  | 'event'
  | 'environment'
  | 'deny-self-hosted-runners';

/** How it was built. That says nothing of who has signed, so it is a list of its own and never takes the place of an identity. */
export interface Circumstance {
  readonly name: CircumstanceName;
  readonly matcher: Matcher;
}

/** Whether a log entry or a timestamp must have witnessed a signature that a key has made. */
export type Witness = 'required' | 'insecure-ignored';

/** One bundle of this type that satisfies the identity rules. */
export interface RequiredType {
  /** As the user wrote it: `signature`, `provenance`, or a predicate type URI. */
  readonly name: string;
  readonly predicateTypes: NonEmpty<string>;
}
