// What the log of a step consists of: lines, groups that the runner folds, and annotations.
import type { Remedied } from '../errors.ts';
import type { FilePlace } from '../model/place.ts';

export interface Annotated extends Remedied {
  readonly place?: FilePlace | undefined;
}

export type LogPart =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'group'; readonly title: string; readonly lines: readonly string[] }
  /** The step fails. */
  | { readonly kind: 'failure'; readonly about: Annotated }
  | { readonly kind: 'warning'; readonly about: Annotated };

export function linesOf(texts: readonly string[]): readonly LogPart[] {
  return texts.map((text) => ({ kind: 'line', text }));
}

/** A group with the number of its entries in the title; nothing if it has none. */
export function groupOf(
  title: string,
  entries: readonly (readonly string[])[],
): readonly LogPart[] {
  if (entries.length === 0) return [];
  return [{ kind: 'group', title: `${title}: ${entries.length}`, lines: entries.flat() }];
}

export function failuresOf(failures: readonly Annotated[]): readonly LogPart[] {
  return failures.map((about) => ({ kind: 'failure', about }));
}
