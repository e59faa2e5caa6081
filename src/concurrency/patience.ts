// Waiting for what is not there yet, for some time and no longer.
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether to look again, which is answered after a pause. */
export type Again = (what: string) => Promise<boolean>;

/** Milliseconds between the looks. */
const PAUSE = 5000;

/** `milliseconds` from now on, for everything that is waited for together. */
export function patience(milliseconds: number, onWait: (message: string) => void): Again {
  const end = performance.now() + milliseconds;
  return async (what) => {
    const left = end - performance.now();
    if (left <= 0) return false;
    onWait(`Nothing found yet for ${what}: looking again, for another ${Math.ceil(left / 1000)} s`);
    await sleep(Math.min(PAUSE, left));
    return true;
  };
}
