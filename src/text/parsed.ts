// The result of reading untrusted text: a value, or the problem and its remedy.

export interface Problem {
  /** What is wrong with the text, without the name of the input it came from. */
  readonly problem: string;
  /** What to write instead. */
  readonly remedy: string;
}

export type Parsed<T> = { readonly value: T } | Problem;

export function isProblem<T>(parsed: Parsed<T>): parsed is Problem {
  return 'problem' in parsed;
}
