// Waits for what happens elsewhere, however long a busy machine takes; the limit of the test ends it.
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds. */
const BETWEEN_LOOKS = 20;

export async function until(happened: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await happened())) await sleep(BETWEEN_LOOKS);
}
