// The Sigstore instances that we know by name.

export interface TufRepository {
  /** Base URL. */
  readonly mirror: string;
  /** Path of the first root.json to trust; left out for repositories that @sigstore/tuf knows. */
  readonly root?: string;
}

export const PUBLIC_GOOD = {
  tuf: { mirror: 'https://tuf-repo-cdn.sigstore.dev' } satisfies TufRepository,
  /** Name of the signing configuration among the targets of the repository. */
  signingConfig: 'signing_config.v0.2.json',
} as const;
