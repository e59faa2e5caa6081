// The role of a claim about an image: the predicate of a statement.
import { hexOf } from '../model/digest.ts';
import type { NonEmpty } from '../model/non-empty.ts';
import { formatRepository } from '../model/reference.ts';
import type { Statement, StatementSubject } from '../model/statement.ts';
import type { Subject } from '../model/subject.ts';
import type { TokenClaims } from '../model/token.ts';

/** Pure: the facts come from the identity token that signs, not from the environment of the job. Only provenance needs them; a key signs without a token. */
export type MakeStatement = (
  subjects: NonEmpty<Subject>,
  claims: TokenClaims | undefined,
) => Statement;

/** The image by name and digest; sigstore-python rejects a subject without a name. */
export function subjectOf({ repository, digest }: Subject): StatementSubject {
  return { name: formatRepository(repository), digest: { sha256: hexOf(digest) } };
}
