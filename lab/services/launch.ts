// Runs a service as a child process that cannot outlive its parent, and controls it over HTTP.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Fault } from './faults.ts';
import type { RecordedRequest } from './service.ts';

/** For the processes of tests: each after the first starts in half the time. */
export const compileCache = {
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

export async function launch<Settings extends object, Facts extends { url: string }>(
  file: string,
  options: object,
): Promise<Launched<Settings, Facts>> {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { PATH: process.env['PATH'], ...compileCache },
  });
  const facts = JSON.parse(await firstLine(child, file)) as Facts;
  // A service that was not stopped must not keep the test run alive.
  child.unref();
  child.channel?.unref();
  return { handle: steer(child, facts.url), facts };
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

function steer<Settings extends object>(child: ChildProcess, url: string): ServiceHandle<Settings> {
  const call = async (method: string, path: string, value?: object): Promise<Response> => {
    const response = await fetch(`${url}/.test/${path}`, {
      method,
      ...(value && { body: JSON.stringify(value) }),
    });
    if (!response.ok) throw new Error(`${method} /.test/${path} answered ${response.status}`);
    return response;
  };
  const tell = async (method: string, path: string, value?: object): Promise<void> => {
    await (await call(method, path, value)).arrayBuffer();
  };
  return {
    url,
    host: new URL(url).host,
    async requests() {
      const recorded = (await (await call('GET', 'requests')).json()) as RecordedRequest[];
      return recorded.map((request) => ({ ...request, body: Buffer.from(request.body, 'base64') }));
    },
    clear: () => tell('DELETE', 'requests'),
    fault: (fault) => tell('POST', 'faults', fault),
    mend: () => tell('DELETE', 'faults'),
    set: (settings) => tell('POST', 'settings', settings),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.ref();
      child.kill();
      await once(child, 'exit');
    },
  };
}
