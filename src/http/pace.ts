// Limits how many requests a server gets at once, and pauses if it requires that.
import { setTimeout as sleep } from 'node:timers/promises';
import { waitBefore } from './wait.ts';

/** Requests at once, before a server limits the rate: a log must not get a hundred entries at once, and each request at once is a connection. */
const MOST = { read: 100, write: 32 } as const;
/** Requests of any kind, after it has. */
const FEWEST = 2;
/** Milliseconds after which a read without an answer no longer counts, so that one that hangs does not hold up the others. */
const SLOW = 3000;

export type Kind = keyof typeof MOST;
type Wake = () => void;

export interface Pace {
  /** Resolves when a request may be sent; what it returns is called at its end. Rejects when the signal aborts. */
  enter(kind: Kind, signal: AbortSignal | undefined): Promise<Leave>;
  /** After a refusal for the rate: sends nothing for some time, then half as much at once, which grows again. `asked`: the milliseconds in Retry-After. */
  slowDown(asked: number | undefined): Pause;
}

export type Leave = (how: 'answered' | 'refused') => void;

export interface Pause {
  /** Milliseconds. */
  readonly wait: number;
  /** The first refusal after the last pause; the others were already on their way. */
  readonly isNews: boolean;
}

export function paceOf(): Pace {
  const inFlight = { read: 0, write: 0 };
  const waiting = { read: new Set<Wake>(), write: new Set<Wake>() };
  let most = Infinity;
  let resumesAt = 0;
  /** Pauses in a row after which nothing was answered. */
  let vain = 0;

  const all = (): number => inFlight.read + inFlight.write;
  const roomFor = (kind: Kind): number => Math.min(most - all(), MOST[kind] - inFlight[kind]);
  const wakeNext = (): void => {
    wakeFirst(waiting.write, roomFor('write'));
    wakeFirst(waiting.read, roomFor('read'));
  };
  const take = (kind: Kind): Leave => {
    inFlight[kind]++;
    let isCounted = true;
    const free = (): void => {
      if (isCounted) inFlight[kind]--;
      isCounted = false;
      wakeNext();
    };
    const timer = kind === 'read' ? setTimeout(free, SLOW).unref() : undefined;
    return (how) => {
      clearTimeout(timer);
      if (how === 'answered') {
        vain = 0;
        // One more at once for every round of responses.
        most += 1 / most;
      }
      free();
    };
  };
  const taken = async (kind: Kind, signal: AbortSignal | undefined): Promise<Leave> => {
    for (;;) {
      signal?.throwIfAborted();
      const pause = resumesAt - Date.now();
      if (pause > 0) await sleep(pause, undefined, signal ? { signal } : {});
      else if (roomFor(kind) >= 1) return take(kind);
      else await turn(waiting[kind], signal);
    }
  };
  return {
    async enter(kind, signal) {
      try {
        return await taken(kind, signal);
      } catch (error) {
        // It may have been its turn: it was cancelled in the pause after it.
        wakeNext();
        throw error;
      }
    },
    slowDown(asked) {
      const now = Date.now();
      const isNews = now >= resumesAt;
      if (isNews) {
        vain++;
        most = Math.max(FEWEST, Math.floor(Math.min(most, all() + 1) / 2));
      }
      const wanted = isNews || asked !== undefined ? now + waitBefore(vain, asked) : 0;
      resumesAt = Math.max(resumesAt, wanted);
      return { wait: resumesAt - now, isNews };
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
