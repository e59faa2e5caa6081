// How far a long step has come: said now and then, and not at all of a short one.

export type Counted = (done: number, of: number) => void;

/** Milliseconds. */
const EVERY = 5000;

/** Says at most one count in this time, beginning with the end of the first, and never the last of all. */
export function tally(say: Counted, every = EVERY): Counted {
  let saidAt = performance.now();
  return (done, of) => {
    const now = performance.now();
    if (done >= of || now - saidAt < every) return;
    saidAt = now;
    say(done, of);
  };
}
