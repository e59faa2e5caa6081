// A server in front of a registry, as a reverse proxy that refuses some requests: it records what is sent through it.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

import { bytesOf, forward, type Forwarded } from '../services/forward.ts';

export interface Passed {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** Bytes of the request's body. */
  readonly size: number;
  readonly status: number;
}

export interface Front {
  readonly host: string;
  readonly passed: readonly Passed[];
  stop(): Promise<void>;
}

/** Its own answer, or undefined to pass the request on. */
export type Refuse = (request: http.IncomingMessage, body: Buffer) => Forwarded | undefined;

/** Refuses larger bodies, in bytes. */
export function largerThan(largest: number): Refuse {
  const body = Buffer.from('<html>Request Entity Too Large</html>');
  return (_, { length }) => (length > largest ? { status: 413, headers: {}, body } : undefined);
}

export async function startFront(registry: string, refuse: Refuse): Promise<Front> {
  const passed: Passed[] = [];
  const agent = new http.Agent({ keepAlive: true });
  const handle = async (
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> => {
    const body = await bytesOf(request);
    const { method = 'GET', url: path = '' } = request;
    const answer =
      refuse(request, body) ??
      (await forward(new URL(path, `http://${registry}`), request, body, agent));
    passed.push({ method, path, size: body.length, status: answer.status });
    response.writeHead(answer.status, answer.headers);
    response.end(method === 'HEAD' ? undefined : answer.body);
  };
  const server = http.createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    async stop() {
      server.closeAllConnections();
      server.close();
      agent.destroy();
      await once(server, 'close');
    },
  };
}
