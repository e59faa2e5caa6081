// How many requests a server gets at once, and when: it gets fewer when it asks for that.
import { setTimeout as sleep } from 'node:timers/promises';

/** Requests that write, before a server asks for less: a log must not get a hundred entries at once. */
const WRITES = 32;
/** Of any kind, after it has. */
const FEWEST = 2;

export interface Pace {
  /** Resolves when a request may be sent; `leave` follows. Rejects when the signal aborts. */
  enter(kind: 'read' | 'write', signal: AbortSignal | undefined): Promise<void>;
  leave(): void;
  /** Nothing is sent for so many milliseconds, and half as much at once afterwards, which then grows again. */
  slowDown(milliseconds: number): void;
}

export function paceOf(): Pace {
  let inFlight = 0;
  let most = Infinity;
  let resumesAt = 0;
  const waiting: (() => void)[] = [];

  const isRoom = (kind: 'read' | 'write'): boolean =>
    inFlight < (kind === 'write' ? Math.min(most, WRITES) : most);
  return {
    async enter(kind, signal) {
      for (;;) {
        signal?.throwIfAborted();
        const pause = resumesAt - Date.now();
        if (pause > 0) await sleep(pause, undefined, signal ? { signal } : {});
        else if (isRoom(kind)) break;
        else await turn(waiting, signal);
      }
      inFlight++;
    },
    leave() {
      inFlight--;
      // One more at once for every round of answers.
      most += 1 / most;
      // Readers may fit where a writer does not.
      for (const wake of waiting.splice(0)) wake();
    },
    slowDown(milliseconds) {
      const isNews = Date.now() >= resumesAt;
      resumesAt = Math.max(resumesAt, Date.now() + milliseconds);
      if (isNews) most = Math.max(FEWEST, Math.floor(Math.min(most, inFlight + 1) / 2));
    },
  };
}

function turn(waiting: (() => void)[], signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}
