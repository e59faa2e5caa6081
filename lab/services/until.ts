// Waits for an event in another process, as long as a busy machine needs; only the test's timeout ends it.
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds. */
const BETWEEN_LOOKS = 20;

export async function until(happened: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await happened())) await sleep(BETWEEN_LOOKS);
}
