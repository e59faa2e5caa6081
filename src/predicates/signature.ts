// The signature of cosign v3: a statement that claims nothing but the digest (cosign specs/SIGNATURE_SPEC.md and cmd/cosign/cli/sign).
import type { StatementSubject } from '../model/statement.ts';
import type { Subject } from '../model/subject.ts';
import { SIGNATURE_TYPE } from '../model/types.ts';
import { type MakeStatement, subjectOf } from './predicate.ts';

export const signatureStatement: MakeStatement = ([first, ...others]) => ({
  subject: [annotated(first), ...others.map(annotated)],
  predicateType: SIGNATURE_TYPE,
  predicate: {},
});

/** cosign keeps the annotations of a signature in its subject, also when there are none. */
function annotated(subject: Subject): StatementSubject {
  return { ...subjectOf(subject), annotations: {} };
}
