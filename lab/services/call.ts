// One request to an embedded service, by Node's own client: fetch takes a multiple of its time.
import { once } from 'node:events';
import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string | undefined;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export async function call(
  url: string,
  { method = 'GET', headers = {}, body }: Call = {},
): Promise<Answered> {
  // Node sends the body of a DELETE without its length.
  const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  const request = http.request(url, { method, headers: { ...headers, ...length } });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: await buffer(response),
  };
}

/** Throws if the status is not 2xx. */
export async function callOrThrow(url: string, request: Call): Promise<Answered> {
  const answered = await call(url, request);
  const { status, body } = answered;
  if (status < 200 || status > 299)
    throw new Error(`${request.method ?? 'GET'} ${url} answered ${status}: ${body.toString()}`);
  return answered;
}
