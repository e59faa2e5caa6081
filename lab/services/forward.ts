// Passes a request to another server with the same method, headers and body, and returns its answer.
import { once } from 'node:events';
import http from 'node:http';

export interface Forwarded {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Not passed to the next server: each connection has its own. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding']);

export async function forward(
  url: URL,
  { method = 'GET', headers }: http.IncomingMessage,
  body: Buffer,
  agent: http.Agent,
): Promise<Forwarded> {
  const request = http.request(url, { method, headers: endToEnd(headers), agent }).end(body);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  return {
    status: response.statusCode ?? 502,
    headers: endToEnd(response.headers),
    body: await bytesOf(response),
  };
}

export async function bytesOf(message: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function endToEnd(headers: http.IncomingHttpHeaders): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}
