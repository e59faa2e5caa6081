// What SLSA provenance says of a build, as far as it is compared or reported: https://slsa.dev/spec/v1.0/provenance

/** What provenance and the certificate that signs it may both state about one run. */
export type RunFactName =
  | 'builder'
  | 'repository'
  | 'ref'
  | 'commit'
  | 'workflow'
  | 'run'
  | 'event'
  | 'runner'
  | 'repository-id'
  | 'owner-id';

export interface RunFact {
  readonly name: RunFactName;
  /** In the words of certificates; a workflow may lack its ref, and a run its attempt. */
  readonly value: string;
}

/** What went into the build. */
export interface Material {
  readonly uri: string;
  readonly digest: Readonly<Record<string, string>>;
}

export interface Provenance {
  readonly buildType: string;
  readonly builder?: string;
  /** Empty for the build types that we have no mapping for. */
  readonly run: readonly RunFact[];
  /** The first ones. */
  readonly materials: readonly Material[];
}
