// Reports the progress of a long step from time to time; a short step reports none.

export type Counted = (done: number, of: number) => void;

/** Milliseconds. */
const EVERY = 5000;

/** Reports at most one count in each such time, the first one after it, and never the last count. */
export function tally(say: Counted, every = EVERY): Counted {
  let saidAt = performance.now();
  return (done, of) => {
    const now = performance.now();
    if (done >= of || now - saidAt < every) return;
    saidAt = now;
    say(done, of);
  };
}
