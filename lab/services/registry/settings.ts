// How the embedded registry behaves: authentication, and behaviours in which real registries differ.
export interface RegistrySettings {
  auth: 'none' | 'basic' | 'bearer';
  username: string;
  password: string;
  /** Accepted by the token endpoint as an OAuth2 refresh token. */
  identityToken: string;
  /** `rotated` replaces the identity token whenever it is used: the old one is not accepted again. */
  refreshTokens: 'kept' | 'rotated';
  anonymousPull: boolean;
  /** Whether a signed-in user may write; `denied` answers 403 DENIED. */
  push: 'allowed' | 'denied';
  tokenSeconds: number;
  /** `none` answers 404 like distribution and GHCR, `refused` 406, `html` a web page with status 200. */
  referrers: 'api' | 'none' | 'refused' | 'html';
  referrersPageSize: number;
  /** `missing` leaves artifactType out of the listed descriptors, like ACR. */
  referrersArtifactType: 'given' | 'missing';
  /** Milliseconds until a pushed manifest is listed among the referrers. */
  referrersLag: number;
  /** How many of the next referrers are omitted from the list until they are pushed again, as in a registry that lists two concurrent pushes without a lock. */
  referrersLost: number;
  /** `always` sends OCI-Subject although there is no Referrers API, like ECR before it had one. */
  subjectHeader: 'with-api' | 'always' | 'never';
  /** `refused` rejects a manifest whose subject does not exist yet, like GitLab. */
  missingSubject: 'accepted' | 'refused';
  /** `digest-like` resolves a missing tag sha256-<hex> to the manifest sha256:<hex>, like GitLab. */
  tagResolution: 'exact' | 'digest-like';
  tags: 'mutable' | 'immutable';
  /** Milliseconds until reads of a tag return what was written, as from a replica. */
  tagLag: number;
  /** `etag` sends strong ETags and ignores conditions, `honoured` also answers 304 and 412. */
  conditions: 'none' | 'etag' | 'honoured';
  /** `storage` redirects blob reads to the storage server, which rejects an Authorization header. */
  blobs: 'direct' | 'storage';
  /** `session` answers POST ?digest= with an upload session, like distribution. */
  singlePost: 'stored' | 'session';
  /** Requests that are answered on average, with a second's worth of them at once; the others get 429. 0 answers all. */
  requestsPerSecond: number;
  /** Whether the 429 says when to come back. */
  retryAfter: 'given' | 'missing';
  /** `in-parts` answers 405 to a PUT with a body, as where a blob is taken in chunks alone. */
  uploads: 'whole' | 'in-parts';
  /** Bytes of a body that is taken, as where a proxy in front answers 413 to larger ones. */
  largestBody: number;
  /** `refused` answers a request to copy a blob from another repository with 404, `ignored` opens an upload. */
  mounts: 'done' | 'ignored' | 'refused';
  /** `unchecked` accepts manifests whose blobs or children do not exist. */
  references: 'checked' | 'unchecked';
}

export const defaultSettings: RegistrySettings = {
  auth: 'none',
  username: 'octocat',
  password: 'registry-password',
  identityToken: 'registry-identity-token',
  refreshTokens: 'kept',
  anonymousPull: false,
  push: 'allowed',
  tokenSeconds: 300,
  referrers: 'api',
  referrersPageSize: 100,
  referrersArtifactType: 'given',
  referrersLag: 0,
  referrersLost: 0,
  subjectHeader: 'with-api',
  missingSubject: 'accepted',
  tagResolution: 'exact',
  tags: 'mutable',
  tagLag: 0,
  conditions: 'none',
  blobs: 'direct',
  singlePost: 'stored',
  requestsPerSecond: 0,
  retryAfter: 'given',
  uploads: 'whole',
  largestBody: 1 << 30,
  mounts: 'done',
  references: 'checked',
};
