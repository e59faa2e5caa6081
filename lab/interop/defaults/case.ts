// One image and its expected results with Countersign, gh and cosign.
import type { Inputs } from '../../peers/countersign.ts';
import type { Claims } from '../../stack/issuer.ts';

export interface Case {
  /** How the image was signed. */
  readonly signed: string;
  readonly repository?: string;
  /** Owner, repository and path of the workflow file that signs. */
  readonly workflow?: string;
  /** Differences from a push to the main branch. */
  readonly claims?: Claims;
  /** The inputs of the gate. */
  readonly inputs: Inputs;
  readonly ours: Expected;
  readonly gh: Asked | NotAskable;
  readonly cosign: Asked | NotAskable;
  /** The reason for our result, and for different results of others. */
  readonly because: string;
}

export type JudgeName = 'ours' | 'gh' | 'cosign';

/** Accepted, or rejected with a message that contains the reason. */
export type Expected = 'accepts' | { readonly refuses: RegExp };

/** The equivalent flags, in addition to those for every case. */
export interface Asked {
  readonly flags: readonly string[];
  readonly answer: Expected;
}

/** It has no flag for this. */
export type NotAskable = 'no flag';

export function expectedOf(one: Case, judge: JudgeName): Expected | NotAskable {
  const expected = one[judge];
  return typeof expected === 'object' && 'answer' in expected ? expected.answer : expected;
}

export function verdictOf(expected: Expected | NotAskable): string {
  return typeof expected === 'string' ? expected : 'rejects';
}
