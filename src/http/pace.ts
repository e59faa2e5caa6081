// Limits how many requests a server gets at once, and pauses if it requires that.
import { setTimeout as sleep } from 'node:timers/promises';

/** Requests at once, before a server limits the rate: a log must not get a hundred entries at once, and each request at once is a connection. */
const MOST = { read: 100, write: 32 } as const;
/** Requests of any kind, after it has. */
const FEWEST = 2;

export type Kind = keyof typeof MOST;
type Wake = () => void;

export interface Pace {
  /** Resolves when a request may be sent; `leave` follows. Rejects when the signal aborts. */
  enter(kind: Kind, signal: AbortSignal | undefined): Promise<void>;
  leave(kind: Kind): void;
  /** Sends nothing for this many milliseconds, then half as much at once, which grows again. */
  slowDown(milliseconds: number): void;
}

export function paceOf(): Pace {
  const inFlight = { read: 0, write: 0 };
  const waiting = { read: new Set<Wake>(), write: new Set<Wake>() };
  let most = Infinity;
  let resumesAt = 0;

  const all = (): number => inFlight.read + inFlight.write;
  const roomFor = (kind: Kind): number => Math.min(most - all(), MOST[kind] - inFlight[kind]);
  return {
    async enter(kind, signal) {
      for (;;) {
        signal?.throwIfAborted();
        const pause = resumesAt - Date.now();
        if (pause > 0) await sleep(pause, undefined, signal ? { signal } : {});
        else if (roomFor(kind) >= 1) break;
        else await turn(waiting[kind], signal);
      }
      inFlight[kind]++;
    },
    leave(kind) {
      inFlight[kind]--;
      // One more at once for every round of responses.
      most += 1 / most;
      wakeFirst(waiting.write, roomFor('write'));
      wakeFirst(waiting.read, roomFor('read'));
    },
    slowDown(milliseconds) {
      const isNews = Date.now() >= resumesAt;
      resumesAt = Math.max(resumesAt, Date.now() + milliseconds);
      if (isNews) most = Math.max(FEWEST, Math.floor(Math.min(most, all() + 1) / 2));
    },
  };
}

function turn(waiting: Set<Wake>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      waiting.delete(wake);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    waiting.add(wake);
    signal?.addEventListener('abort', wake);
  });
}

/** No more than there is room for: hundreds that wait would look for it with every answer. */
function wakeFirst(waiting: ReadonlySet<Wake>, room: number): void {
  let left = room;
  for (const wake of waiting) if (left-- >= 1) wake();
}
