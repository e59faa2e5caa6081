// The role of a place where bundles come from.
import type { FoundBundle } from '../model/bundle.ts';
import type { SourceName } from '../model/request.ts';
import type { Subject } from '../model/subject.ts';
import type { Failure, Looked } from '../model/verdict.ts';

export interface Discovery {
  readonly found: readonly FoundBundle[];
  readonly looked: readonly Looked[];
  /** What could not be read and might have held evidence. */
  readonly failures: readonly Failure[];
}

/**
 * Finds every bundle about a subject: one discovery for each place, so that a place that does not answer holds up no other. None of them
 * rejects: what could not be known is a failure of the discovery. Never filters by identity, never parses more than it needs to find the
 * bytes, and stops at its limits in count and bytes, which it reports as a failure.
 */
export interface Source {
  readonly name: SourceName;
  find(subject: Subject, signal: AbortSignal): readonly Promise<Discovery>[];
}
