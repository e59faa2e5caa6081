// The Sigstore instances that we know by name.

export interface TufRepository {
  /** Base URL. */
  readonly mirror: string;
  /** What the first root metadata is known by; left out for repositories that @sigstore/tuf carries a root of. */
  readonly firstRoot?: FirstRoot;
}

export type FirstRoot =
  | { readonly kind: 'file'; readonly path: string }
  /** The root of this version at the mirror, by the SHA-256 of its JSON without white space. */
  | { readonly kind: 'pinned'; readonly version: number; readonly sha256: string };

export const PUBLIC_GOOD = {
  tuf: { mirror: 'https://tuf-repo-cdn.sigstore.dev' } satisfies TufRepository,
  /** Name of the signing configuration among the targets of the repository. */
  signingConfig: 'signing_config.v0.2.json',
} as const;

/** Signs for private repositories and for immutable releases; https://github.blog/engineering/platform-security/configure-github-artifact-attestations-for-secure-cloud-native-delivery/ */
export const GITHUB = {
  tuf: {
    mirror: 'https://tuf-repo.github.com',
    firstRoot: { kind: 'pinned', version: 3, sha256: '9befe6d9f07563f70aaa658485f78d0943c5ba5cb2e03f3aaaaba34fe35ad688' },
  } satisfies TufRepository,
} as const;
