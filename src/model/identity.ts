// The signer: the facts in a Fulcio certificate. https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
import type { Workflow } from './workflow.ts';

/** Extension number below 1.3.6.1.4.1.57264.1 for each claim, except .8 (the issuer). */
export const CLAIM_EXTENSIONS = {
  buildSignerUri: 9,
  buildSignerDigest: 10,
  runnerEnvironment: 11,
  sourceRepositoryUri: 12,
  sourceRepositoryDigest: 13,
  sourceRepositoryRef: 14,
  sourceRepositoryIdentifier: 15,
  sourceRepositoryOwnerUri: 16,
  sourceRepositoryOwnerIdentifier: 17,
  buildConfigUri: 18,
  buildConfigDigest: 19,
  buildTrigger: 20,
  runInvocationUri: 21,
  sourceRepositoryVisibility: 22,
  deploymentEnvironment: 23,
  tokenSubject: 24,
} as const;

export type ClaimName = keyof typeof CLAIM_EXTENSIONS;

export type Claims = { readonly [Name in ClaimName]?: string };

export interface SignerIdentity {
  /** The subject alternative name: for GitHub the URL of the workflow file at its ref. */
  readonly san: string;
  /** Its parts, if it is the URL of a workflow file. */
  readonly workflow?: Workflow;
  /** The issuer of the token, extension .8 (or .1 in certificates of 2022). */
  readonly issuer: string;
  readonly claims: Claims;
}

/** The holder of the private half of a configured key. */
export interface KeyHolder {
  /** `sha256:` and the hex digest of the public key. */
  readonly key: string;
  /** Where the public key was read. */
  readonly from: string;
}

/** The signer and the commit of this step: only signatures with the same values count as its own. */
export type OwnIdentity =
  | { readonly key: string }
  | {
      readonly san: string;
      readonly issuer: string;
      readonly sourceDigest: string;
      readonly event: string;
    };

export type Signer = SignerIdentity | KeyHolder;

export function isKeyHolder(signer: Signer): signer is KeyHolder {
  return 'key' in signer;
}
