// The common part of the services: HTTP servers on loopback that record requests, inject faults on demand and accept settings.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Answer, type Exchange, type Handler, json, Refusal } from './answer.ts';
import { type Fault, type FaultAction, Faults } from './faults.ts';

const RECORDED_BYTES = 64 * 1024;
/** Milliseconds. */
const DRIP = 100;

export interface RecordedRequest {
  readonly server: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Zero until the request is answered. */
  status: number;
}

export interface Listener {
  readonly origin: string;
  serve(handler: Handler): void;
}

export interface Running<Facts> {
  readonly facts: Facts;
  /** Ends every server and its connections. */
  close(): Promise<void>;
}

export class Service {
  readonly #servers: http.Server[] = [];
  readonly #faults = new Faults();
  readonly #requests: RecordedRequest[] = [];
  #configure: (settings: Record<string, unknown>) => void = () => undefined;

  async open(name: string, port = 0): Promise<Listener> {
    let handler: Handler = () => ({ status: 503 });
    const server = http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      this.#answer(name, handler, request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    this.#servers.push(server);
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { origin, serve: (given) => (handler = given) };
  }

  /** To be called when every server listens. */
  ready<Facts>(
    facts: Facts,
    configure: (settings: Record<string, unknown>) => void,
  ): Running<Facts> {
    this.#configure = configure;
    return { facts, close: () => this.#close() };
  }

  async #close(): Promise<void> {
    await Promise.all(
      this.#servers.map(async (server) => {
        server.closeAllConnections();
        await once(server.close(), 'close');
      }),
    );
  }

  async #answer(
    name: string,
    handler: Handler,
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    const exchange = await readExchange(request);
    const path = exchange.url.pathname + exchange.url.search;
    if (path.startsWith('/.test/') && this.#control(exchange, response)) return;

    const recorded = record(name, path, exchange);
    this.#requests.push(recorded);
    const fault = this.#faults.take(name, exchange.method, path);
    if (fault?.delay !== undefined) await sleep(fault.delay);
    const processed = fault?.processed ? await serve(handler, exchange) : undefined;
    if (fault?.hang) return;
    if (fault?.reset) {
      response.destroy();
      return;
    }
    const answer =
      fault && replaces(fault)
        ? faultAnswer(fault)
        : (processed ?? (await serve(handler, exchange)));
    recorded.status = answer.status;
    if (fault?.truncate) {
      breakOff(response, answer);
      return;
    }
    if (fault?.drip) {
      drip(response, answer.status);
      return;
    }
    write(
      response,
      exchange.method,
      fault?.corrupt ? { ...answer, body: corrupt(answer.body) } : answer,
    );
  }

  #control(exchange: Exchange, response: http.ServerResponse): boolean {
    const body = (): unknown => JSON.parse(exchange.body.toString());
    const actions: Record<string, () => unknown> = {
      'GET /.test/requests': () => this.#requests,
      'DELETE /.test/requests': () => (this.#requests.length = 0),
      'POST /.test/faults': () => this.#faults.add(body() as Fault),
      'DELETE /.test/faults': () => this.#faults.clear(),
      'POST /.test/settings': () => this.#configure(body() as Record<string, unknown>),
    };
    const action = actions[`${exchange.method} ${exchange.url.pathname}`];
    if (!action) return false;
    write(response, exchange.method, json(200, action() ?? {}));
    return true;
  }
}

async function readExchange(request: http.IncomingMessage): Promise<Exchange> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: request.method ?? 'GET',
    url: new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`),
    headers: request.headers,
    body: Buffer.concat(chunks),
  };
}

function record(
  server: string,
  path: string,
  { method, headers, body }: Exchange,
): RecordedRequest {
  const flat = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  return {
    server,
    method,
    path,
    headers: Object.fromEntries(flat) as Record<string, string>,
    body: body.subarray(0, RECORDED_BYTES).toString('base64'),
    status: 0,
  };
}

async function serve(handler: Handler, exchange: Exchange): Promise<Answer> {
  try {
    return await handler(exchange);
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    process.stderr.write(`${String(error instanceof Error ? error.stack : error)}\n`);
    return { status: 500, body: String(error) };
  }
}

function replaces(fault: FaultAction): boolean {
  return fault.status !== undefined || fault.body !== undefined || fault.headers !== undefined;
}

function faultAnswer({ status = 200, headers = {}, body = '' }: FaultAction): Answer {
  return { status, headers, body };
}

function corrupt(body: Answer['body'] = ''): Buffer {
  const bytes = Buffer.from(body);
  const middle = bytes.length >> 1;
  if (bytes.length > 0) bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  return bytes;
}

function breakOff(
  response: http.ServerResponse,
  { status, headers = {}, body = '' }: Answer,
): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'Content-Length': bytes.length + 1 });
  response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
}

function drip(response: http.ServerResponse, status: number): void {
  response.writeHead(status);
  const timer = setInterval(() => response.write(' '), DRIP);
  response.once('close', () => clearInterval(timer));
}

function write(
  response: http.ServerResponse,
  method: string,
  { status, headers = {}, body = '' }: Answer,
): void {
  const bytes = Buffer.from(body);
  const bodiless = status === 204 || status === 304;
  response.writeHead(status, bodiless ? headers : { 'Content-Length': bytes.length, ...headers });
  response.end(method === 'HEAD' || bodiless ? undefined : bytes);
}
