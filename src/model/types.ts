// Predicate types with a short name in inputs and reports.
import type { NonEmpty } from './non-empty.ts';

/** cosign v3 signs a statement of this type. */
export const SIGNATURE_TYPE = 'https://sigstore.dev/cosign/sign/v1';
/** cosign v2 signed a payload that is not an in-toto statement; this is the type of its layer. */
export const SIMPLE_SIGNING_TYPE = 'application/vnd.dev.cosign.simplesigning.v1+json';
export const PROVENANCE_TYPE = 'https://slsa.dev/provenance/v1';
/** Prefix of the type of SPDX documents, which may end with a version. */
export const SPDX_TYPE = 'https://spdx.dev/Document';
export const CYCLONEDX_TYPE = 'https://cyclonedx.org/bom';

/** In either format of cosign. */
export const SIGNATURE_TYPES: NonEmpty<string> = [SIGNATURE_TYPE, SIMPLE_SIGNING_TYPE];

/** The meaning of the short names in `require`. */
export const NAMED_TYPES: Readonly<Record<string, NonEmpty<string>>> = {
  signature: SIGNATURE_TYPES,
  provenance: [PROVENANCE_TYPE, 'https://slsa.dev/provenance/v0.2'],
  sbom: [
    SPDX_TYPE,
    ...['2.2', '2.3', '3', '3.0', '3.0.1'].map((version) => `${SPDX_TYPE}/v${version}`),
    CYCLONEDX_TYPE,
    ...['1.4', '1.5', '1.6', '1.7'].map((version) => `${CYCLONEDX_TYPE}/v${version}`),
  ],
};

/** The short name of a type, or the type; that of an SBOM says its format. */
export function nameOfType(predicateType: string): string {
  return (
    ['signature', 'provenance'].find((name) => NAMED_TYPES[name]?.includes(predicateType)) ??
    predicateType
  );
}
