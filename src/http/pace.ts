// Limits how many requests a server gets at once, and pauses if it requires that.
import { setTimeout as sleep } from 'node:timers/promises';

/** Writing requests at once, before a server limits the rate: a log must not get a hundred entries at once. */
const WRITES = 32;
/** Requests of any kind, after it has. */
const FEWEST = 2;

export interface Pace {
  /** Resolves when a request may be sent; `leave` follows. Rejects when the signal aborts. */
  enter(kind: 'read' | 'write', signal: AbortSignal | undefined): Promise<void>;
  leave(): void;
  /** Sends nothing for this many milliseconds, then half as much at once, which grows again. */
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
      // One more at once for every round of responses.
      most += 1 / most;
      // A read may fit where a write does not.
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
