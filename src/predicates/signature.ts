// The signature of cosign v3: a statement that claims nothing but the digest (cosign specs/SIGNATURE_SPEC.md and cmd/cosign/cli/sign).
import { hexOf } from '../model/digest.ts';
import { formatRepository } from '../model/reference.ts';
import type { StatementSubject } from '../model/statement.ts';
import type { Subject } from '../model/subject.ts';
import { SIGNATURE_TYPE } from '../model/types.ts';
import type { State } from './predicate.ts';

/** cosign writes no name; sigstore-python reads no subject without one. */
export const stateSignature: State = ([first, ...others]) => ({
  subject: [subjectOf(first), ...others.map(subjectOf)],
  predicateType: SIGNATURE_TYPE,
  predicate: {},
});

function subjectOf({ repository, digest }: Subject): StatementSubject {
  return { name: formatRepository(repository), digest: { sha256: hexOf(digest) }, annotations: {} };
}
