// Policies: which images need which evidence, and who is allowed to provide it. Inputs are parsed to policies, and the gate evaluates them.
import type { KeyHolder } from './identity.ts';
import type { Matcher } from './matcher.ts';
import type { NonEmpty } from './non-empty.ts';

/** Every policy that matches an image must be met, and at least one must match. Before keys are loaded, a policy contains their locations. */
export interface Policy<Key = KeyHolder> {
  /** For messages. */
  readonly name: string;
  /** Its origin: `inputs`, or a file and a line. */
  readonly origin: string;
  /** Images by digest, with the host that Kubernetes uses for Docker Hub: `index.docker.io/library/nginx@sha256:…`. */
  readonly images: Matcher;
  /** `warn`: if it is not met, this is reported without an effect on the verdict. */
  readonly mode: 'enforce' | 'warn';
  /** One of them must be met. */
  readonly alternatives: NonEmpty<Alternative<Key>>;
}

export type Alternative<Key = KeyHolder> =
  | {
      readonly kind: 'evidence';
      readonly name: string;
      /** All of them must be met. */
      readonly requirements: NonEmpty<Requirement<Key>>;
    }
  /** Decided without evidence. */
  | {
      readonly kind: 'static';
      readonly name: string;
      readonly action: 'pass' | 'fail';
      readonly message: string;
    };

export type WrittenPolicy = Policy<KeyLocation>;

/** One bundle of one of these types, accepted by one of these authorities. */
export interface Requirement<Key = KeyHolder> {
  /** As the user wrote it: `signature`, `provenance`, or a predicate type URI. */
  readonly name: string;
  readonly predicateTypes: NonEmpty<string>;
  /** Further conditions that every bundle for it must meet, all of them. */
  readonly conditions: readonly Condition[];
  readonly anyOf: NonEmpty<Authority<Key>>;
}

/** A fact of the bundle, regardless of its signer. */
export type Condition =
  /** Where cosign searches: in tags next to the image, or in bundles that refer to it. */
  | { readonly kind: 'format'; readonly format: 'legacy' | 'bundle' }
  | { readonly kind: 'annotation'; readonly key: string; readonly value: string }
  /** The earliest verified time must not be before this one; `limit` is for messages. */
  | { readonly kind: 'max-age'; readonly notBefore: Date; readonly limit: string };

export type Authority<Key = KeyHolder> = KeylessAuthority | KeyAuthority<Key>;

/** A certificate of any of these identities, issued in all of these circumstances, which the roots confirm. */
export interface KeylessAuthority {
  readonly kind: 'keyless';
  readonly identities: NonEmpty<Identity>;
  readonly circumstances: readonly Circumstance[];
  readonly roots: Roots;
}

/** A signature by any of these keys. */
export type KeyAuthority<Key = KeyHolder> =
  WitnessedKeyAuthority<Key> | UnwitnessedKeyAuthority<Key>;

interface KeyHolders<Key> {
  readonly kind: 'key';
  readonly keys: NonEmpty<Key>;
  readonly roots: Roots;
}

/** A log or a timestamp authority of the roots must have recorded the signature. */
export interface WitnessedKeyAuthority<Key = KeyHolder> extends KeyHolders<Key> {
  readonly witness: 'required';
}

/** No log entry or timestamp is required: the roots are named, but not used. */
export interface UnwitnessedKeyAuthority<Key = KeyHolder> extends KeyHolders<Key> {
  readonly witness: 'insecure-ignored';
}

/** The origin of trusted roots: TUF has that of the public-good instance, and GitHub's own for its private repositories. */
export type Roots = { readonly kind: 'tuf' } | { readonly kind: 'file'; readonly path: string };

export function rootsAt(path: string | undefined): Roots {
  return path === undefined ? { kind: 'tuf' } : { kind: 'file', path };
}

export function nameOfRoots(roots: Roots): string {
  return roots.kind === 'tuf' ? 'TUF' : roots.path;
}

/** Where public keys are read from. */
export type KeyLocation =
  | { readonly kind: 'pem'; readonly text: string; readonly from?: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: URL };

/** The signer: a certificate with this issuer that satisfies every rule. */
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

/** How the image was built. This does not identify the signer, so it is a separate list and never replaces an identity. */
export interface Circumstance {
  readonly name: CircumstanceName;
  readonly matcher: Matcher;
}
