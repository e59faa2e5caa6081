// A vector before it is written: its files are in memory.
import type { Refused, Vector } from './vector.ts';

export interface Draft extends Pick<
  Vector,
  'name' | 'about' | 'digest' | 'witness' | 'grown' | 'expect' | 'signer'
> {
  readonly bundle: Buffer;
  /** A trusted root, or its text. */
  readonly trustedRoot: object | string;
  readonly layer?: Buffer;
  /** PEM. */
  readonly keys?: string;
}

/** Everything of a vector except its result. */
export type Subject = Omit<Draft, 'name' | 'about' | 'expect'>;

export function good(name: string, about: string, subject: Subject): Draft {
  return { ...subject, name, about, expect: 'verified' };
}

/** `found` is the required finding, so that the vector is rejected for that reason. */
export function bad(
  name: string,
  about: string,
  subject: Omit<Subject, 'signer'>,
  code: Refused['code'],
  found: RegExp,
): Draft {
  return { ...subject, name, about, expect: { code, found: found.source } };
}
