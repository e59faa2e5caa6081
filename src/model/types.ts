// Predicate types that have a name of their own in inputs and reports.
import type { NonEmpty } from './non-empty.ts';

/** cosign v3 signs a statement of this type. */
export const SIGNATURE_TYPE = 'https://sigstore.dev/cosign/sign/v1';
/** cosign v2 signed a payload that is no in-toto statement; this is the type of its layer. */
export const SIMPLE_SIGNING_TYPE = 'application/vnd.dev.cosign.simplesigning.v1+json';
export const PROVENANCE_TYPE = 'https://slsa.dev/provenance/v1';
/** The type of SPDX documents begins so, and may end with a version. */
export const SPDX_TYPE = 'https://spdx.dev/Document';
export const CYCLONEDX_TYPE = 'https://cyclonedx.org/bom';

/** What the short names in `require` stand for. */
export const NAMED_TYPES: Readonly<Record<string, NonEmpty<string>>> = {
  signature: [SIGNATURE_TYPE, SIMPLE_SIGNING_TYPE],
  provenance: [PROVENANCE_TYPE, 'https://slsa.dev/provenance/v0.2'],
};

/** The short name of a type, or the type. */
export function nameOfType(predicateType: string): string {
  return (
    Object.entries(NAMED_TYPES).find(([, types]) => types.includes(predicateType))?.[0] ??
    predicateType
  );
}
