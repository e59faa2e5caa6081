// Counts how many of some items are done.
import type { Counted } from './tally.ts';

/** To be called once for each item. */
export function counter(of: number, onCounted: Counted): () => void {
  let done = 0;
  return () => onCounted(++done, of);
}
