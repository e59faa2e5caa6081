// The role of a claim about an image: what a statement says beside its subject.
import type { NonEmpty } from '../model/parsed.ts';
import type { Statement } from '../model/statement.ts';
import type { Subject } from '../model/subject.ts';
import type { TokenClaims } from '../model/token.ts';

/** Pure: the facts come from the identity token that signs, not from the environment of the job. */
export type State = (subjects: NonEmpty<Subject>, claims: TokenClaims) => Statement;
