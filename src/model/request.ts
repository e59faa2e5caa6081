// What a run must do, complete and consistent: later code does not check it again.
import type { StoreName } from './bundle.ts';
import type { FoundBundle } from './found.ts';
import type { Claim } from './claim.ts';
import type { EvidencePlace } from './evidence-place.ts';
import type { NonEmpty } from './non-empty.ts';
import type { KeyLocation, WrittenPolicy } from './policy.ts';
import type { PinnedReference, Reference, Repository } from './reference.ts';
import type { ImageTag } from './tag.ts';

/** By name, or a private instance by the path of its signing configuration; `auto` is public-good for public repositories and GitHub's for others. */
export type Instance =
  | { readonly kind: 'auto' | 'public-good' | 'github' }
  | { readonly kind: 'custom'; readonly signingConfig: string };

export interface Common {
  /** Where registries store what is signed about an image. */
  readonly evidencePlace: EvidencePlace;
  /** `trusted_root.json`; without it the root comes from TUF. */
  readonly trustedRoot?: string;
  /** Milliseconds, for all retries of the step together. */
  readonly retryTimeout: number;
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly githubToken?: string;
  /** `owner/name` of the repository that the job runs in. */
  readonly thisRepository: string;
  readonly summary: 'write' | 'leave';
}

/** A private key, and its password. */
export interface KeyToSign {
  readonly location: Exclude<KeyLocation, { readonly kind: 'url' }>;
  readonly password?: string;
}

export interface SignRequest extends Common {
  readonly mode: 'sign';
  /** The built images, by digest: a tag may have moved since. */
  readonly images: NonEmpty<PinnedReference>;
  /** `tree`: with everything that the index of an image lists. */
  readonly reach: 'manifest' | 'tree';
  readonly stores: NonEmpty<StoreName>;
  readonly claims: NonEmpty<Claim>;
  /** Absent for a keyless signature. */
  readonly key?: KeyToSign;
  readonly instance: Instance;
  /** What happens with existing signatures of this identity: they are stored wherever they are missing, or signed again. */
  readonly ifSigned: 'skip' | 'sign';
  /** A dry run ends before anything is signed. */
  readonly run: 'real' | 'dry';
  /** The tags that each image gets once it is stored; may be empty. */
  readonly tags: readonly ImageTag[];
}

/** The subjects of a request, or of a part of one. */
export type TokenNeed = Pick<SignRequest, 'key'> & { readonly claims: readonly Claim[] };

/** A certificate is issued for a token; with a key, only provenance needs the facts in one. */
export function needsToken({ key, claims }: TokenNeed): boolean {
  return !key || claims.some(({ kind }) => kind === 'provenance');
}

/** `warn` is an audit: the job continues with any verdict. */
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
  /** Where bundles are searched; only files if it is empty. */
  readonly sources: readonly ('registry' | 'github')[];
  /** In the user's files. */
  readonly bundles: readonly FoundBundle[];
  /** Whose attestations are listed in GitHub's store, each `owner/name` or an owner. */
  readonly attestationsOf: NonEmpty<string>;
  /** Repositories that get the evidence of accepted images, too; may be empty. */
  readonly copyTo: readonly Repository[];
}
