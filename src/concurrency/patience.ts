// Waits for something that is not there yet, up to a limit.
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether to try again; resolves after a pause. */
export type Again = (what: string) => Promise<boolean>;

/** Milliseconds between the attempts. */
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
