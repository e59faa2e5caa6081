// What a run must do, complete and consistent: nothing downstream checks it again.
import type { FoundBundle } from './bundle.ts';
import type { Claim } from './claim.ts';
import type { EvidencePlace } from './evidence-place.ts';
import type { NonEmpty } from './non-empty.ts';
import type { KeyLocation, WrittenPolicy } from './policy.ts';
import type { PinnedReference, Reference, Repository } from './reference.ts';
import type { ImageTag } from './tag.ts';

export type StoreName = 'registry' | 'legacy' | 'github';
export type SourceName = 'registry' | 'legacy' | 'github' | 'file';

/** By name, or a private instance by the path of its signing configuration; `auto` is public-good for public repositories and GitHub's for others. */
export type Instance =
  | { readonly kind: 'auto' | 'public-good' | 'github' }
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

/** A private key, and the password that opens it. */
export interface KeyToSign {
  readonly location: Exclude<KeyLocation, { readonly kind: 'url' }>;
  readonly password?: string;
}

export interface SignRequest extends Common {
  readonly mode: 'sign';
  /** What was built, by digest: a tag may have moved since. */
  readonly images: NonEmpty<PinnedReference>;
  /** `tree`: with everything that the index of an image lists. */
  readonly reach: 'manifest' | 'tree';
  readonly stores: NonEmpty<StoreName>;
  readonly claims: NonEmpty<Claim>;
  /** Absent for a keyless signature. */
  readonly key?: KeyToSign;
  readonly instance: Instance;
  /** What becomes of what this identity has signed before: it is stored where it is missing, or signed again. */
  readonly ifSigned: 'skip' | 'sign';
  /** A dry run ends before anything is signed. */
  readonly run: 'real' | 'dry';
  /** What each image is tagged with once it is stored; may be empty. */
  readonly tags: readonly ImageTag[];
}

/** Of a request, or of what is known of one. */
export type TokenNeed = Pick<SignRequest, 'key'> & { readonly claims: readonly Claim[] };

/** A certificate is issued for a token; with a key, only provenance has its facts from one. */
export function needsToken({ key, claims }: TokenNeed): boolean {
  return !key || claims.some(({ kind }) => kind === 'provenance');
}

/** `warn` is an audit: whatever the verdict, the job goes on. */
export type OnFailure = 'fail' | 'warn';

export interface VerifyRequest extends Common {
  readonly mode: 'verify';
  readonly images: NonEmpty<Reference>;
  /** `tree`: each platform of an index, too. */
  readonly reach: 'manifest' | 'tree';
  /** Milliseconds to wait while nothing is found. */
  readonly wait: number;
  readonly onFailure: OnFailure;
  readonly policies: NonEmpty<WrittenPolicy>;
  /** Where bundles are looked for; nowhere but in files if it is empty. */
  readonly sources: readonly ('registry' | 'github')[];
  /** Of the user's files. */
  readonly bundles: readonly FoundBundle[];
  /** Whose attestations are asked for in GitHub's store, each `owner/name` or an owner. */
  readonly attestationsOf: NonEmpty<string>;
  /** Repositories that get the evidence of accepted images, too; may be empty. */
  readonly copyTo: readonly Repository[];
}
