// Whole processes, run in turn, so that a busy machine slows all of them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { median } from './median.ts';

/** Milliseconds that one run took. */
export type Run = () => Promise<number>;

export interface Timed {
  /** Milliseconds: the median of the rounds. */
  readonly wall: number;
  /** The median of the rounds' own ratios to the last of the runs. */
  readonly ratio: number;
}

/** The others are compared with the last of the runs; each runs once beforehand. */
export async function inTurn(rounds: number, runs: readonly Run[]): Promise<readonly Timed[]> {
  for (const run of runs) await run();
  const times: (readonly number[])[] = [];
  for (let round = 0; round < rounds; round++) {
    const walls: number[] = [];
    for (const run of runs) walls.push(await run());
    times.push(walls);
  }
  return runs.map((_, index) => ({
    wall: median(times.map((walls) => walls[index] ?? NaN)),
    ratio: median(times.map((walls) => (walls[index] ?? NaN) / (walls.at(-1) ?? NaN))),
  }));
}

/** From the start of the process to its end; throws if it ends with another exit code than expected. */
export async function timeProcess(
  program: string,
  args: readonly string[],
  { env, exit = 0 }: { readonly env: NodeJS.ProcessEnv; readonly exit?: number },
): Promise<number> {
  const started = performance.now();
  const child = spawn(program, args, { env, stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== exit) throw new Error(`${program} ${args[0] ?? ''} ended with ${String(code)}`);
  return performance.now() - started;
}
