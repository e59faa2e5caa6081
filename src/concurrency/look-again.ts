// Reads that replicas may answer too early: a registry may not know yet what it has just taken.
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between the looks. */
const PAUSES = [500, 1500, 3000];

/** What the first look sees that sees anything; undefined when none does. */
export async function lookAgain<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (const pause of PAUSES) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await sleep(pause);
  }
  return look();
}
