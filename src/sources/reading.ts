// Reads many candidates in parallel, small ones first, within a memory limit; a candidate that does not respond frees its slot.
import { ActionError, actionErrorsOf } from '../errors.ts';
import type { Failure } from '../model/verdict.ts';
import type { Discovery } from './source.ts';

/** Bytes that may be in memory at once, for all images of a step. */
export interface Memory {
  used: number;
}

export interface ReadingLimits {
  /** Candidates that are read at once. */
  readonly width: number;
  /** Milliseconds after which a candidate without progress no longer counts as being read. */
  readonly patience: number;
  /** Bytes: candidates up to this size do not wait for memory. */
  readonly small: number;
  /** Bytes in memory above which no further candidate is started, and above twice of which one is given up. */
  readonly memory: number;
  /** Bytes of all candidates together. */
  readonly total: number;
}

const LIMITS: ReadingLimits = {
  width: 50,
  patience: 500,
  small: 64 << 10,
  memory: 20 << 20,
  total: 128 << 20,
};

/** Reads one candidate; `onBytes` is called for every chunk; undefined means that it contains no bundle. */
export type Read = (
  signal: AbortSignal,
  onBytes: (count: number) => void,
) => Promise<Discovery | undefined>;

interface Task {
  /** The declared size; only bytes that arrive are charged. */
  readonly size: number;
  readonly read: Read;
}

interface Running {
  readonly size: number;
  readonly stop: AbortController;
  received: number;
  /** When the last chunk of a useful size arrived. */
  since: number;
}

interface Ready {
  readonly outcome: Discovery;
  readonly size: number;
}

/** Smaller chunks are not progress: a candidate that sends single bytes must not keep its slot. */
const PROGRESS = 16 << 10;

export class Reading implements AsyncIterable<Discovery> {
  readonly #limits: ReadingLimits;
  readonly #memory: Memory;
  readonly #outer: AbortSignal;
  readonly #stop = new AbortController();
  readonly #waiting: Task[] = [];
  readonly #running = new Set<Running>();
  readonly #ready: Ready[] = [];
  #read = 0;
  #left = 0;
  #isEnded = false;
  #wake: () => void = () => undefined;

  constructor(memory: Memory, signal: AbortSignal, limits: Partial<ReadingLimits> = {}) {
    this.#memory = memory;
    this.#outer = signal;
    this.#limits = { ...LIMITS, ...limits };
  }

  /** A candidate with this declared size in bytes. */
  add(size: number, read: Read): void {
    this.#waiting.push({ size, read });
    this.#begin();
  }

  /** An outcome that needs no reading. */
  put(outcome: Discovery): void {
    this.#ready.push({ outcome, size: 0 });
    this.#wake();
  }

  /** No more candidates are added, except by candidates that are being read. */
  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  /** Outcomes as they arrive, the smallest of the available ones first; ends when all are read, and stops everything if the caller stops. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Discovery> {
    const timer = setInterval(() => this.#begin(), this.#limits.patience / 2);
    try {
      for (;;) {
        const next = takeSmallest(this.#ready);
        if (next) {
          yield next.outcome;
          this.#memory.used -= next.size;
          this.#begin();
          continue;
        }
        if (this.#isEnded && this.#running.size === 0 && this.#waiting.length === 0) break;
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
      if (this.#left > 0) yield { failure: this.#tooMuch() };
    } finally {
      clearInterval(timer);
      this.#stop.abort();
      for (const { size } of this.#ready.splice(0)) this.#memory.used -= size;
    }
  }

  #begin(): void {
    while (this.#mayBegin()) {
      const task = takeSmallest(this.#waiting);
      if (!task) return;
      if (this.#read + task.size > this.#limits.total) this.#left++;
      else void this.#run(task);
    }
  }

  #mayBegin(): boolean {
    const smallest = Math.min(...this.#waiting.map(({ size }) => size));
    if (smallest === Infinity || this.#stop.signal.aborted || this.#outer.aborted) return false;
    const active = [...this.#running].filter((each) => !this.#isStalled(each));
    if (active.length >= this.#limits.width) return false;
    if (smallest <= this.#limits.small) return true;
    // A small candidate in progress may add another one that is smaller than those that wait.
    if (active.some(({ size }) => size <= this.#limits.small)) return false;
    const promised = active.reduce((sum, { size, received }) => sum + size - received, 0);
    const isRoom = this.#memory.used + promised + smallest <= this.#limits.memory;
    return isRoom || this.#memory.used + promised === 0;
  }

  #isStalled({ since }: Running): boolean {
    return performance.now() - since > this.#limits.patience;
  }

  async #run({ size, read }: Task): Promise<void> {
    const stop = new AbortController();
    const running: Running = { size, stop, received: 0, since: performance.now() };
    this.#running.add(running);
    try {
      const signal = AbortSignal.any([stop.signal, this.#stop.signal, this.#outer]);
      const outcome = await read(signal, (count) => this.#charge(running, count));
      if (outcome) this.#ready.push({ outcome, size: running.received });
      else this.#memory.used -= running.received;
    } catch (error) {
      this.#memory.used -= running.received;
      const failures = stop.signal.aborted ? [tooMuchAtOnce()] : actionErrorsOf(error);
      for (const failure of failures) this.#ready.push({ outcome: { failure }, size: 0 });
    } finally {
      this.#running.delete(running);
      this.#wake();
      this.#begin();
    }
  }

  #charge(running: Running, count: number): void {
    const before = Math.floor(running.received / PROGRESS);
    running.received += count;
    this.#read += count;
    this.#memory.used += count;
    if (Math.floor(running.received / PROGRESS) > before) running.since = performance.now();
    if (this.#memory.used > 2 * this.#limits.memory) running.stop.abort();
  }

  #tooMuch(): Failure {
    const { total } = this.#limits;
    return new ActionError('service', 'LIMIT_EXCEEDED', {
      message: `Cannot read every candidate: ${this.#left} of them are beyond the limit of ${total} bytes per image`,
      remedy: 'store smaller attestations, or remove some that are no longer needed',
    });
  }
}

/** Candidates that made no progress for a while and now all send at once. */
function tooMuchAtOnce(): Failure {
  return new ActionError('service', 'LIMIT_EXCEEDED', {
    message: 'Cannot read a candidate: too many large ones arrived at the same time',
    remedy:
      'run the job again; store smaller attestations, or remove some that are no longer needed',
  });
}

/** The first of the smallest. */
function takeSmallest<Item extends { readonly size: number }>(items: Item[]): Item | undefined {
  let at = 0;
  for (const [index, { size }] of items.entries()) if (size < (items[at]?.size ?? 0)) at = index;
  return items.splice(at, 1)[0];
}
