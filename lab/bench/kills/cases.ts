// The steps that are killed: what they sign, where it is stored, and how the registry lists it.
export interface KillCase {
  readonly name: string;
  readonly platforms: readonly string[];
  readonly referrers: 'api' | 'none';
  /** `bearer`: the registry demands a token, which its token endpoint gives. */
  readonly auth?: 'none' | 'bearer';
  readonly signer?: 'certificate' | 'key';
  /** Of the verifier: a file, or a TUF repository. */
  readonly trust?: 'file' | 'tuf';
  readonly inputs: Readonly<Record<string, string>>;
}

const INDEX = ['linux/amd64', 'linux/arm64'];
const RECURSIVE = { recursive: 'true' };
const BOTH = { stores: 'registry, github', attestations: 'provenance' };

export const killCases: readonly KillCase[] = [
  { name: 'an image', platforms: [], referrers: 'api', inputs: {} },
  { name: 'an image, fallback tag', platforms: [], referrers: 'none', inputs: {} },
  { name: 'an index, recursive', platforms: INDEX, referrers: 'api', inputs: RECURSIVE },
  {
    name: 'an index, recursive, fallback tag',
    platforms: INDEX,
    referrers: 'none',
    inputs: RECURSIVE,
  },
  { name: 'GitHub', platforms: [], referrers: 'api', inputs: { stores: 'github' } },
  { name: 'both stores, provenance', platforms: [], referrers: 'api', inputs: BOTH },
  {
    name: 'both stores, provenance, recursive',
    platforms: INDEX,
    referrers: 'api',
    inputs: { ...BOTH, ...RECURSIVE },
  },
  { name: 'an image with tags', platforms: [], referrers: 'api', inputs: { tags: 'v1, latest' } },
  {
    name: 'cosign v2, an image',
    platforms: [],
    referrers: 'api',
    inputs: { 'signature-format': 'legacy' },
  },
  {
    name: 'cosign v2, an index, recursive',
    platforms: INDEX,
    referrers: 'api',
    inputs: { 'signature-format': 'legacy', ...RECURSIVE },
  },
];
