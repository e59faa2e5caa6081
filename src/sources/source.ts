// The role of a place where bundles come from.
import { ActionError } from '../errors.ts';
import type { FoundBundle, SourceName } from '../model/found.ts';
import type { Subject } from '../model/subject.ts';
import type { Failure, Looked } from '../model/verdict.ts';

export type Discovery =
  | { readonly found: FoundBundle }
  /** A place that was read completely. */
  | { readonly looked: Looked }
  /** What could not be read and might contain evidence. */
  | { readonly failure: Failure };

/**
 * Finds every bundle about a subject and yields each as soon as it arrives, small ones first; a slow one does not block the others. Never
 * throws: anything that could not be read is a failure. Never filters by identity, parses only what it needs to find the bytes, and stops at its
 * limits in count and bytes, which it reports as a failure. It sends no request after the caller stops.
 */
export interface Source {
  readonly name: SourceName;
  find(subject: Subject, signal: AbortSignal): AsyncIterable<Discovery>;
}

/** Only the declared properties of a candidate: it is skipped without being read. */
export function tooLarge(what: string, place: string, size: number, limit: number): ActionError {
  return new ActionError('service', 'LIMIT_EXCEEDED', {
    message: `Cannot read the ${what} at ${place}: its declared size of ${size} bytes is over the limit of ${limit}`,
    remedy: 'store smaller attestations, or remove the one that is too large',
  });
}
