// The signature of cosign v3: a statement that claims nothing but the digest (cosign specs/SIGNATURE_SPEC.md and cmd/cosign/cli/sign).
import { hexOf } from '../model/digest.ts';
import { SIGNATURE_TYPE } from '../model/types.ts';
import type { State } from './predicate.ts';

export const stateSignature: State = ([{ digest }]) => ({
  subject: [{ digest: { sha256: hexOf(digest) }, annotations: {} }],
  predicateType: SIGNATURE_TYPE,
  predicate: {},
});
