// Starts services in a child process that cannot outlive its parent, and controls them over HTTP.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { type Answered, callOrThrow } from './call.ts';
import type { Fault } from './faults.ts';
import type { ServiceKind } from './host.ts';
import type { RecordedRequest } from './service.ts';

/** For the processes of tests: each after the first starts in half the time. */
const compileCache = {
  NODE_COMPILE_CACHE: path.join(tmpdir(), 'countersign-compile-cache'),
};

export interface SeenRequest extends Omit<RecordedRequest, 'body'> {
  readonly body: Buffer;
}

export interface ServiceHandle<Settings extends object> {
  readonly url: string;
  readonly host: string;
  /** Every request since the start or the last clear(), oldest first; bodies are cut to 64 KiB. */
  requests(): Promise<SeenRequest[]>;
  clear(): Promise<void>;
  fault(fault: Fault): Promise<void>;
  mend(): Promise<void>;
  set(settings: Partial<Settings>): Promise<void>;
  stop(): Promise<void>;
}

export interface Launched<Settings extends object, Facts> {
  readonly handle: ServiceHandle<Settings>;
  readonly facts: Facts;
}

/** A process that runs services. */
export interface Host {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Ends with this process. */
export async function startHost(): Promise<Host> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'host.ts')], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { PATH: process.env['PATH'], ...compileCache },
  });
  const url = await firstLine(child, 'host.ts');
  // A service that was not stopped must not keep the test run alive.
  child.unref();
  child.channel?.unref();
  return {
    url,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.ref();
      child.kill();
      await once(child, 'exit');
    },
  };
}

/** The service has a process of its own, unless COUNTERSIGN_SERVICES is the URL of a host. */
export async function launch<Settings extends object, Facts extends { url: string }>(
  kind: ServiceKind,
  options: object,
): Promise<Launched<Settings, Facts>> {
  const shared = process.env['COUNTERSIGN_SERVICES'];
  const host = shared === undefined ? await startHost() : { url: shared };
  const started = await command(host.url, 'POST', { kind, options });
  const facts = JSON.parse(started.body.toString()) as Facts;
  const stop =
    'stop' in host
      ? host.stop
      : async (): Promise<void> => {
          await command(host.url, 'DELETE', { url: facts.url });
        };
  return { handle: steer(facts.url, stop), facts };
}

async function firstLine(child: ChildProcess, file: string): Promise<string> {
  if (!child.stdout) throw new Error(`${file} has no standard output`);
  const lines = createInterface({ input: child.stdout });
  const ready = once(lines, 'line').then(([line]) => String(line));
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`${file} ended with ${String(code)} before it was ready`);
  });
  const line = await Promise.race([ready, gone]);
  gone.catch(() => undefined);
  lines.close();
  child.stdout.destroy();
  return line;
}

function command(url: string, method: string, value?: object): Promise<Answered> {
  return callOrThrow(url, { method, body: value && JSON.stringify(value) });
}

function steer<Settings extends object>(
  url: string,
  stop: () => Promise<void>,
): ServiceHandle<Settings> {
  const tell = async (method: string, path: string, value?: object): Promise<void> => {
    await command(`${url}/.test/${path}`, method, value);
  };
  return {
    url,
    host: new URL(url).host,
    async requests() {
      const { body } = await command(`${url}/.test/requests`, 'GET');
      const recorded = JSON.parse(body.toString()) as RecordedRequest[];
      return recorded.map((request) => ({ ...request, body: Buffer.from(request.body, 'base64') }));
    },
    clear: () => tell('DELETE', 'requests'),
    fault: (fault) => tell('POST', 'faults', fault),
    mend: () => tell('DELETE', 'faults'),
    set: (settings) => tell('POST', 'settings', settings),
    stop,
  };
}
