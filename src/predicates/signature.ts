// The signature of cosign v3: a statement that claims nothing but the digest (cosign specs/SIGNATURE_SPEC.md and cmd/cosign/cli/sign).
import type { Annotations } from '../model/claim.ts';
import { SIGNATURE_TYPE } from '../model/types.ts';
import { mapEach } from '../model/non-empty.ts';
import { type MakeStatement, subjectOf } from './predicate.ts';

/** cosign keeps the annotations of a signature in its subject, also when there are none; each subject has them, because a verifier looks at one. */
export function signatureStatement(annotations: Annotations): MakeStatement {
  return (subjects) => ({
    subject: mapEach(subjects, (subject) => ({ ...subjectOf(subject), annotations })),
    predicateType: SIGNATURE_TYPE,
    predicate: {},
  });
}
