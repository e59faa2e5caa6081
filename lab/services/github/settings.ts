// What the embedded GitHub API can be told, before it starts and later.
export type AttestationRight = 'none' | 'read' | 'write';

export interface GitHubSettings {
  /** The attestation permissions of each token. */
  tokens: Readonly<Record<string, AttestationRight>>;
  /** Names of organisations; every other owner is a user. */
  organizations: readonly string[];
  /** `private` repositories are hidden from requests without a token. */
  visibility: 'public' | 'private';
  /** `url` returns `bundle: null` and a bundle URL, as github.com does; `inline` returns the bundle, as older servers do. */
  bundles: 'url' | 'inline';
  /** How the blob storage serves bundles. */
  encoding: 'snappy' | 'json';
  /** The largest page, regardless of per_page. */
  pageSize: number;
  /** Milliseconds until the list contains a record. */
  listLag: number;
  /** Of a tenant of ghe.com; empty on github.com. */
  trustDomain: string;
}

export const defaultSettings: GitHubSettings = {
  tokens: { 'github-token': 'write' },
  organizations: ['acme'],
  visibility: 'public',
  bundles: 'url',
  encoding: 'snappy',
  pageSize: 100,
  listLag: 0,
  trustDomain: '',
};
