// A difference that is known between another verifier and ours.
import type { JudgeName } from '../judge.ts';

export interface KnownDifference {
  readonly what: string;
  readonly judge: JudgeName;
  /** Names; a `*` at the end of one stands for anything. */
  readonly vectors: readonly string[];
  /** What its refusal says of vectors that we accept; undefined when it accepts what we refuse. */
  readonly refusal?: RegExp;
  /** It reads nothing of the kind: where it refuses for this reason what we refuse as well, it has judged nothing. */
  readonly unread?: true;
  /** Whether it differs depends on bytes that are others whenever the vectors are made. */
  readonly varies?: true;
}

/** Vectors of our own. */
export const own = (...names: readonly string[]): readonly string[] =>
  names.map((name) => `own/${name}`);
