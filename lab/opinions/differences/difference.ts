// A known difference between another verifier and ours.
import type { JudgeName } from '../judge.ts';

export interface KnownDifference {
  readonly what: string;
  readonly judge: JudgeName;
  /** Names; a `*` at the end of one matches anything. */
  readonly vectors: readonly string[];
  /** The message of its rejection for vectors that we accept; undefined if it accepts what we reject. */
  readonly refusal?: RegExp;
  /** It does not support the kind: if it rejects for this reason what we also reject, it has verified nothing. */
  readonly unread?: true;
  /** Whether it differs depends on random bytes, which change whenever the vectors are created. */
  readonly varies?: true;
}

/** Vectors of our own. */
export const own = (...names: readonly string[]): readonly string[] =>
  names.map((name) => `own/${name}`);
