// One request and its response, by Node's own client: loading the one behind fetch takes longer than verifying a bundle.
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream';
import type { HttpRequest, ResponseHeaders } from './message.ts';
import type { AgentFor } from './proxy.ts';

export interface Outgoing extends Pick<HttpRequest, 'method' | 'url'> {
  readonly body: Uint8Array | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface Incoming {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** Decompressed; must be read to its end, or destroyed by leaving the loop. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Throws the reason of the signal, a `TypeError` for what cannot be sent, or the error of the connection. */
export async function exchange(outgoing: Outgoing, agentFor: AgentFor): Promise<Incoming> {
  const response = await send(outgoing, agentFor);
  return {
    status: response.statusCode ?? 0,
    headers: headersOf(response),
    body: bodyOf(response, outgoing.signal),
  };
}

function send(
  { method, url, headers, body, signal }: Outgoing,
  agentFor: AgentFor,
): Promise<IncomingMessage> {
  signal.throwIfAborted();
  // RFC 9110 section 4.2.4: credentials in an address are not sent.
  if (url.username !== '' || url.password !== '') throw new TypeError('A login in the address');
  const { request } = url.protocol === 'https:' ? https : http;
  const sent = request(url, { method, headers, agent: agentFor(url) });
  return new Promise((resolve, reject) => {
    // A request that waits for its connection is not ended by `destroy` alone.
    const abandon = (): void => {
      reject(signal.reason as Error);
      sent.destroy();
    };
    signal.addEventListener('abort', abandon, { once: true });
    sent.once('close', () => signal.removeEventListener('abort', abandon));
    sent.once('response', resolve);
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Several values of one name are joined as in RFC 9110 section 5.3. */
function headersOf({ headers }: IncomingMessage): ResponseHeaders {
  const get = (name: string): string | null => {
    const value = headers[name.toLowerCase()];
    return value === undefined ? null : String(value);
  };
  return { get, has: (name) => get(name) !== null };
}

async function* bodyOf(response: IncomingMessage, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* (await decompressed(response)) as AsyncIterable<Uint8Array>;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/** Some servers compress although the request does not accept it. */
async function decompressed(response: IncomingMessage): Promise<NodeJS.ReadableStream> {
  const coding = response.headers['content-encoding']?.toLowerCase();
  if (coding !== 'gzip' && coding !== 'x-gzip') return response;
  const { createGunzip } = await import('node:zlib');
  return pipeline(response, createGunzip(), () => undefined);
}
