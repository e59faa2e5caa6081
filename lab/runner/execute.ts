// Runs a program to its end, and returns what it printed.
import { spawn } from 'node:child_process';

export interface Program {
  readonly script: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds, after which it is killed. */
  readonly timeout: number;
}

export interface Ended {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

const KILLED = 137;

/** Sends `kill` to the process when it is fulfilled. */
export function execute(
  { script, cwd, env, timeout }: Program,
  kill?: Promise<NodeJS.Signals>,
): Promise<Ended> {
  const child = spawn(process.execPath, [script], {
    cwd,
    env,
    timeout,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  void kill?.then((signal) => child.kill(signal));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ exit: code ?? KILLED, stdout, stderr }));
  });
}
