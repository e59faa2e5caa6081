// The short names of predicate types that cosign and policy-controller know (cosign pkg/cosign/attestation, options/predicate.go).
import type { NonEmpty } from '../model/non-empty.ts';
import { CYCLONEDX_TYPE, PROVENANCE_TYPE, SPDX_TYPE } from '../model/types.ts';

const NAMES: Readonly<Record<string, string>> = {
  custom: 'https://cosign.sigstore.dev/attestation/v1',
  slsaprovenance: 'https://slsa.dev/provenance/v0.2',
  slsaprovenance02: 'https://slsa.dev/provenance/v0.2',
  slsaprovenance1: PROVENANCE_TYPE,
  spdx: SPDX_TYPE,
  spdxjson: SPDX_TYPE,
  cyclonedx: CYCLONEDX_TYPE,
  link: 'https://in-toto.io/Link/v1',
  vuln: 'https://cosign.sigstore.dev/attestation/vuln/v1',
  openvex: 'https://openvex.dev/ns',
};

export const TYPE_NAMES = Object.keys(NAMES).join(', ');

/** Undefined for text that is neither a name nor a URI. */
export function predicateTypesOf(written: string): NonEmpty<string> | undefined {
  const named = Object.hasOwn(NAMES, written) ? NAMES[written] : undefined;
  if (named !== undefined) return [named];
  return URL.canParse(written) ? [written] : undefined;
}
