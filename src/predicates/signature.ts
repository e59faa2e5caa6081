// The signature of cosign v3: a statement that claims nothing but the digest (cosign specs/SIGNATURE_SPEC.md and cmd/cosign/cli/sign).
import type { Annotations } from '../model/claim.ts';
import { SIGNATURE_TYPE } from '../model/types.ts';
import { mapEach } from '../model/non-empty.ts';
import { type MakeStatement, subjectOf } from './predicate.ts';

/** cosign puts the annotations of a signature into its subject, even if there are none; each subject has them, because a verifier reads only one. */
export function signatureStatement(annotations: Annotations): MakeStatement {
  return (subjects) => ({
    subject: mapEach(subjects, (subject) => ({ ...subjectOf(subject), annotations })),
    predicateType: SIGNATURE_TYPE,
    predicate: {},
  });
}
