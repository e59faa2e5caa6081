// An embedded Sigstore instance with its OIDC issuer, and a verifier that trusts it.
import { trustFromFile } from '../../src/sigstore/trust/trust-file.ts';
import { byCertificates } from '../../src/sigstore/verify/trusted.ts';
import { type Conclude, conclusive, createVerifier } from '../../src/sigstore/verify/verifier.ts';
import {
  type OidcHandle,
  type SigstoreHandle,
  startOidc,
  startSigstore,
  type TrustFiles,
} from '../services/start.ts';

export const ISSUER = 'https://token.actions.githubusercontent.com';

export interface Instance {
  readonly sigstore: SigstoreHandle;
  readonly oidc: OidcHandle;
  readonly trust: TrustFiles;
  readonly verify: Conclude;
  stop(): Promise<unknown>;
}

export async function startInstance({
  visibility = 'public',
  ...options
}: {
  readonly organization?: string;
  readonly sct?: 'none';
  /** Of the repository that signs. */
  readonly visibility?: 'public' | 'private';
} = {}): Promise<Instance> {
  const claims = { repository_visibility: visibility };
  const oidc = await startOidc({ issuer: ISSUER, claims });
  const sigstore = await startSigstore({
    ...options,
    issuers: [{ issuer: ISSUER, jwks: oidc.jwks }],
  });
  const trust = await sigstore.writeTrust();
  const verify = conclusive(createVerifier(byCertificates(await trustFromFile(trust.trustedRoot))));
  return { sigstore, oidc, trust, verify, stop: () => Promise.all([oidc.stop(), sigstore.stop()]) };
}
