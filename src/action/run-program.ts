// Runs a program of the job without a shell, for a limited time, and prints none of its output.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { exec } from '@actions/exec';
import type { ProgramResult } from '../model/program.ts';

const TIME_LIMIT = 30_000;
const OUTPUT_LIMIT = 1 << 16;

interface Limits {
  /** Milliseconds. */
  readonly time?: number;
  /** Bytes. */
  readonly output?: number;
}

interface Run {
  process?: ChildProcess;
}

const current = new AsyncLocalStorage<Run>();

// `@actions/exec` gives no access to the process, and a program that prints too much or never ends must be stopped.
subscribe('child_process', (message) => {
  const run = current.getStore();
  if (!run) return;
  const { process: started } = message as { readonly process: ChildProcess };
  run.process = started;
  // A program may end without reading its input.
  started.once('spawn', () => started.stdin?.on('error', () => undefined));
});

export async function runProgram(
  name: string,
  args: readonly string[],
  input: string,
  { time = TIME_LIMIT, output: limit = OUTPUT_LIMIT }: Limits = {},
): Promise<ProgramResult> {
  const run: Run = {};
  const { promise: stopped, resolve } = Promise.withResolvers<ProgramResult>();
  const stop = (reason: string): void => {
    run.process?.kill('SIGKILL');
    resolve({ kind: 'stopped', reason });
  };
  const timer = setTimeout(stop, time, `it did not end within ${time / 1000} s`);
  const chunks: Buffer[] = [];
  let size = 0;
  const count = (chunk: Buffer): void => {
    size += chunk.byteLength;
    if (size > limit) stop(`it wrote more than ${limit} bytes`);
  };
  const keep = (chunk: Buffer): void => {
    count(chunk);
    if (size <= limit) chunks.push(chunk);
  };
  const options = {
    env: environment(),
    input: Buffer.from(input),
    silent: true,
    ignoreReturnCode: true,
    listeners: { stdout: keep, stderr: count },
  };
  const ended = current
    .run(run, () => exec(name, [...args], options))
    .then(
      (exitCode): ProgramResult => ({
        kind: 'ended',
        exitCode,
        output: Buffer.concat(chunks).toString(),
      }),
      (error: unknown) => failure(error),
    );
  return Promise.race([stopped, ended]).finally(() => clearTimeout(timer));
}

/** Everything but the inputs of the step, which may be secrets. */
function environment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('INPUT_'),
  );
  return Object.fromEntries(entries);
}

/** `@actions/exec` reports a missing program only in the text of its error. */
function failure(error: unknown): ProgramResult {
  const isMissing = error instanceof Error && error.message.startsWith('Unable to locate');
  return isMissing ? { kind: 'missing' } : { kind: 'stopped', reason: 'it could not be started' };
}
