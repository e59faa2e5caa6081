// Small servers on loopback, for responses that no embedded service gives; they end with the test file that started them.
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';

import { afterAll } from '@jest/globals';

import { certificateFor } from './tls.ts';

export interface Asked {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  /** Milliseconds on the clock of `performance.now()`. */
  readonly at: number;
}

export interface Reply {
  readonly status?: number;
  /** A list is several headers with one name. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
  /** Closes the connection in the middle of the body. */
  readonly isCut?: true;
}

/** A reply, or an action on the connection: closed without one, left open for ever, or left open in the middle of a body. */
export type Answer = Reply | 'reset' | 'hang' | 'stall' | 'endless';

export interface Loopback {
  readonly url: URL;
  readonly asked: readonly Asked[];
}

const open: http.Server[] = [];

afterAll(async () => {
  await Promise.all(
    open.map(async (server) => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }),
  );
});

export function serve(answer: (asked: Asked) => Answer | Promise<Answer>): Promise<Loopback> {
  return listen(http.createServer(), 'http', answer);
}

/** The last response is repeated. */
export function serveInOrder(...answers: readonly Answer[]): Promise<Loopback> {
  let count = 0;
  return serve(() => answers[Math.min(count++, answers.length - 1)] ?? 'hang');
}

/** Over TLS, with a certificate for 127.0.0.1 and these names, of an authority that is created for it. */
export async function serveTls(
  answer: (asked: Asked) => Answer | Promise<Answer>,
  ...names: readonly string[]
): Promise<Loopback & { readonly authority: string }> {
  const { key, cert, authority } = certificateFor(...names);
  const server = https.createServer({ key, cert });
  return {
    ...(await listen(server, 'https', answer)),
    authority,
  };
}

/** Of the discard protocol: nothing listens there, while a port that was just closed can be given to another test. */
export const CLOSED_PORT = 9;

async function listen(
  server: http.Server,
  scheme: 'http' | 'https',
  answer: (asked: Asked) => Answer | Promise<Answer>,
): Promise<Loopback> {
  const asked: Asked[] = [];
  server.on('request', (request, response) => {
    void read(request).then(async (seen) => {
      asked.push(seen);
      send(response, await answer(seen));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  return {
    url: new URL(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    asked,
  };
}

async function read(request: http.IncomingMessage): Promise<Asked> {
  const at = performance.now();
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    body: Buffer.concat(chunks).toString(),
    at,
  };
}

function send(response: http.ServerResponse, answer: Answer): void {
  switch (answer) {
    case 'hang':
      return;
    case 'reset':
      response.destroy();
      return;
    case 'stall':
      response.writeHead(200, { 'content-length': '10' });
      response.write('begin');
      return;
    case 'endless':
      response.writeHead(200);
      for (let count = 0; count < 64; count++) response.write('x'.repeat(1024));
      return;
    default:
      reply(response, answer);
  }
}

function reply(response: http.ServerResponse, { status = 200, headers, body, isCut }: Reply): void {
  if (!isCut) {
    response.writeHead(status, { ...headers });
    response.end(body);
    return;
  }
  const whole = Buffer.from(body ?? '');
  response.writeHead(status, { ...headers, 'content-length': String(whole.length) });
  response.write(whole.subarray(0, whole.length / 2), () => response.destroy());
}
