// Repeats reads that a replica may answer with older content, for example right after a write.
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between the reads. */
const PAUSES = [500, 1500, 3000];

/** The first result that is not undefined; undefined if there is none. */
export async function lookAgain<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (const pause of PAUSES) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await sleep(pause);
  }
  return look();
}
