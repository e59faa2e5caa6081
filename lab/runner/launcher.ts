// Runs programs for the processes of tests: to start one from a process of 500 MB takes ten times as long.
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

import { type Ended, execute, type Program } from './execute.ts';

type Answer = Ended | { readonly error: string };

/** Serves until this process ends. Returns the port on 127.0.0.1. */
export async function serveLauncher(): Promise<number> {
  const server = net.createServer((socket) => {
    launch(socket).then(
      (answer) => socket.end(JSON.stringify(answer)),
      (error: unknown) => socket.end(JSON.stringify({ error: String(error) } satisfies Answer)),
    );
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** As `execute`, by the process that serves at this port. */
export async function executeAt(
  port: number,
  program: Program,
  kill?: Promise<NodeJS.Signals>,
): Promise<Ended> {
  const socket = net.connect(port, '127.0.0.1');
  socket.write(`${JSON.stringify(program)}\n`);
  void kill?.then((signal) => socket.write(`${signal}\n`));
  const answer = JSON.parse(await text(socket)) as Answer;
  if ('error' in answer) throw new Error(answer.error);
  return answer;
}

/** The first line is the program; a second one is a signal for it. */
async function launch(socket: net.Socket): Promise<Ended> {
  const lines = createInterface({ input: socket });
  const [program] = (await once(lines, 'line')) as [string];
  const kill = once(lines, 'line').then(([signal]) => signal as NodeJS.Signals);
  return execute(JSON.parse(program) as Program, kill);
}
