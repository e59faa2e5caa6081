// Bundles signed by a job of acme/app, using the embedded services.
import type { KeyObject } from 'node:crypto';

import type { OidcHandle, SigstoreHandle } from '../services/start.ts';
import type { BundleJson } from './bundle-json.ts';
import type { Endpoints } from './clients/endpoints.ts';
import { certify } from './clients/fulcio.ts';
import { compose, type Parts } from './compose.ts';
import type { CertifiedHolder } from './holder.ts';
import { statementAbout } from './statement.ts';

export interface Services {
  readonly oidc: OidcHandle;
  readonly sigstore: SigstoreHandle;
}

export interface Job {
  /** Claims that differ from those of acme/app on its main branch. */
  readonly claims?: Readonly<Record<string, string>>;
  /** Private; default: a new key. */
  readonly key?: KeyObject;
}

/** Defaults: signed with a new certificate, logged in Rekor v2, with a timestamp, version 0.3. */
export async function makeBundle(
  services: Services,
  { claims, ...parts }: Partial<Parts> & Pick<Job, 'claims'> = {},
): Promise<BundleJson> {
  const by = parts.by ?? (await certifyJob(services, claims && { claims }));
  return compose(endpointsOf(services), { payload: statementAbout(), ...parts, by });
}

export async function certifyJob(
  { oidc, sigstore }: Services,
  { claims, key }: Job = {},
): Promise<CertifiedHolder> {
  const token = claims ? await tokenWith(oidc, claims) : await oidc.token('sigstore');
  return certify(sigstore.fulcio, token, key);
}

export function endpointsOf({ sigstore }: Pick<Services, 'sigstore'>): Endpoints {
  const { fulcio, rekorV1, rekorV2, tsa } = sigstore;
  return { fulcio, rekorV1, rekorV2, timestamp: tsa };
}

/** Resets the issuer's claims afterwards. */
async function tokenWith(
  oidc: OidcHandle,
  claims: Readonly<Record<string, string>>,
): Promise<string> {
  await oidc.set({ claims });
  const token = await oidc.token('sigstore');
  await oidc.set({ claims: {} });
  return token;
}
