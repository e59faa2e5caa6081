// What SLSA provenance says about a build, if it is compared or reported: https://slsa.dev/spec/v1.0/provenance

/** Facts about one run that both provenance and the certificate that signs it can contain. */
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
  /** In the terms of certificates; a workflow may lack its ref, and a run its attempt. */
  readonly value: string;
}

/** The materials of the build. */
export interface Material {
  readonly uri: string;
  readonly digest: Readonly<Record<string, string>>;
}

export interface Provenance {
  readonly buildType: string;
  readonly builder?: string;
  /** Empty for build types without a known mapping. */
  readonly run: readonly RunFact[];
  /** The first ones. */
  readonly materials: readonly Material[];
}
