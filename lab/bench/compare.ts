// Two ways to do the same thing, run in turn in one process, so that a busy or slow machine slows both.
import { median } from './median.ts';

export interface Compared {
  /** Milliseconds for one run: the median of the rounds. */
  readonly first: number;
  readonly second: number;
  /** The median of the rounds' own ratios, first to second. */
  readonly ratio: number;
}

type Run = () => unknown;

const ROUNDS = 31;
/** Milliseconds. */
const WARM_UP = 1000;
const ROUND = 40;

export async function compare(first: Run, second: Run): Promise<Compared> {
  const [repeats, otherRepeats] = [await warmUp(first), await warmUp(second)];
  const rounds: (readonly [number, number])[] = [];
  for (let round = 0; round < ROUNDS; round++)
    rounds.push([await time(first, repeats), await time(second, otherRepeats)]);
  return {
    first: median(rounds.map(([own]) => own)),
    second: median(rounds.map(([, other]) => other)),
    ratio: median(rounds.map(([own, other]) => own / other)),
  };
}

/** How many runs are in a round. */
async function warmUp(run: Run): Promise<number> {
  const started = performance.now();
  let runs = 0;
  for (; performance.now() - started < WARM_UP; runs++) await run();
  return Math.ceil((runs * ROUND) / WARM_UP);
}

async function time(run: Run, repeats: number): Promise<number> {
  const started = performance.now();
  for (let repeat = 0; repeat < repeats; repeat++) await run();
  return (performance.now() - started) / repeats;
}
