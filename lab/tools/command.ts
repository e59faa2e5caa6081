// Runs a program to its end and returns its complete output.
import { spawn } from 'node:child_process';

export interface Environment {
  readonly [name: string]: string | undefined;
}

export interface CommandOptions {
  readonly env: Environment;
  readonly cwd?: string;
  readonly timeout?: number;
}

export interface Completed {
  /** Null if a signal ended it, including at the time limit. */
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const MINUTE = 60_000;

export async function run(
  program: string,
  args: readonly string[],
  { env, cwd, timeout = MINUTE }: CommandOptions,
): Promise<Completed> {
  const child = spawn(program, args, {
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout,
    killSignal: 'SIGKILL',
    ...(cwd && { cwd }),
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const exit = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  return {
    exit,
    stdout: Buffer.concat(stdout).toString(),
    stderr: Buffer.concat(stderr).toString(),
  };
}

/** Like run(), for a program that must succeed. */
export async function succeed(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const { exit, stdout, stderr } = await run(program, args, options);
  if (exit !== 0)
    throw new Error(
      `${program} ${args.slice(0, 2).join(' ')} ended with ${String(exit)}: ${lastLines(stdout + stderr)}`,
    );
  return stdout;
}

export function lastLines(text: string, count = 5): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
