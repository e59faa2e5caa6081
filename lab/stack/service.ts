// Starts a server, waits until it answers, and ends it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Environment, lastLines } from '../tools/command.ts';

export interface ServiceSpec {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** An http: URL that answers 2xx, or a tcp: one that accepts a connection, once the service is ready. */
  readonly ready: string;
}

export interface ServiceRoom {
  readonly env: Environment;
  /** Empty: some of the servers read any configuration file there that is named like their binary. */
  readonly cwd: string;
  readonly logs: string;
}

export interface Service {
  readonly stop: () => Promise<void>;
}

const PATIENCE = 30_000;

export async function startService(
  { name, command: [program, ...args], ready }: ServiceSpec,
  { env, cwd, logs }: ServiceRoom,
): Promise<Service> {
  const logFile = `${logs}/${name}.log`;
  const log = openSync(logFile, 'w');
  const child = spawn(program, args, { cwd, env: { ...env }, stdio: ['ignore', log, log] });
  closeSync(log);
  await once(child, 'spawn');
  const killAtExit = (): void => void child.kill('SIGKILL');
  process.once('exit', killAtExit);

  const stop = async (): Promise<void> => {
    await end(child);
    process.off('exit', killAtExit);
  };
  if (await becomesReady(child, ready)) return { stop };
  await stop();
  throw new Error(
    `Cannot start ${name}: it does not answer at ${ready}\n${lastLines(await readFile(logFile, 'utf8'), 10)}`,
  );
}

async function becomesReady(child: ChildProcess, url: string): Promise<boolean> {
  const deadline = performance.now() + PATIENCE;
  while (performance.now() < deadline && isRunning(child)) {
    if (await answers(new URL(url))) return isRunning(child);
    await sleep(50);
  }
  return false;
}

async function answers(url: URL): Promise<boolean> {
  try {
    if (url.protocol === 'tcp:') return await accepts(url);
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function accepts({ hostname, port }: URL): Promise<boolean> {
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.destroy();
  return true;
}

async function end(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const exited = once(child, 'exit');
  child.kill();
  const late = setTimeout(() => child.kill('SIGKILL'), 3000);
  await exited;
  clearTimeout(late);
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
