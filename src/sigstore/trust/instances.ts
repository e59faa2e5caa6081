// The Sigstore instances with a known name.

export interface TufRepository {
  /** Base URL. */
  readonly mirror: string;
  /** The start of trust: the root metadata of this version at the mirror, by the SHA-256 of its JSON without white space. */
  readonly firstRoot: { readonly version: number; readonly sha256: string };
}

export const PUBLIC_GOOD = {
  tuf: {
    mirror: 'https://tuf-repo-cdn.sigstore.dev',
    firstRoot: {
      version: 16,
      sha256: '9d12e93b2cdc62bc149b3c3f9c0fee25d3e4eda97e8412f0f20fc981489a0604',
    },
  } satisfies TufRepository,
  /** Name of the signing configuration among the targets of the repository. */
  signingConfig: 'signing_config.v0.2.json',
} as const;

/** Signs for private repositories and for immutable releases; https://github.blog/engineering/platform-security/configure-github-artifact-attestations-for-secure-cloud-native-delivery/ */
export const GITHUB = {
  tuf: {
    mirror: 'https://tuf-repo.github.com',
    firstRoot: {
      version: 3,
      sha256: '9befe6d9f07563f70aaa658485f78d0943c5ba5cb2e03f3aaaaba34fe35ad688',
    },
  } satisfies TufRepository,
} as const;
