// The images of a gate in the order in which a reader needs them: what failed, exceptions, and the rest.
import type { ImageVerdict, Outcome } from '../model/verdict.ts';
import { inShort, notesOn } from './explain.ts';
import { areMany, countEach } from './many.ts';

const FAILED: readonly Outcome[] = ['rejected', 'unattested', 'inconclusive'];

export interface SortedImages {
  readonly failed: readonly ImageVerdict[];
  /** Accepted, with notes. */
  readonly exceptions: readonly ImageVerdict[];
  /** By evidence alone. */
  readonly accepted: readonly ImageVerdict[];
}

export function sortImages(images: readonly ImageVerdict[]): SortedImages {
  const passed = images.filter(({ verdict }) => verdict.outcome === 'accepted');
  return {
    failed: images.filter(({ verdict }) => verdict.outcome !== 'accepted'),
    exceptions: passed.filter(({ verdict }) => notesOn(verdict).length > 0),
    accepted: passed.filter(({ verdict }) => notesOn(verdict).length === 0),
  };
}

/** `96 of 100 accepted, 2 rejected, 1 unattested, 1 accepted with warnings`. */
export function countVerdicts(images: readonly ImageVerdict[]): string {
  const verdicts = images.map(({ verdict }) => inShort(verdict));
  const passed = images.filter(({ verdict }) => verdict.outcome === 'accepted');
  const others = countEach(verdicts, [
    ...FAILED,
    'accepted without verification',
    'accepted with warnings',
  ]);
  return [`${passed.length} of ${images.length} accepted`, ...others].join(', ');
}

/** Platforms do not count. */
export function areManyImages(images: readonly ImageVerdict[]): boolean {
  return areMany(images.filter(({ part }) => part === undefined));
}
