// Counts in the log how far a long step is.
import { stepLog } from '../action/log.ts';
import { type Counted, tally } from '../concurrency/tally.ts';

/** `Verified 40 of 100 images`. */
export function counting(done: string, what: string): Counted {
  return tally((count, of) => stepLog.info(`${done} ${count} of ${of} ${what}`));
}
