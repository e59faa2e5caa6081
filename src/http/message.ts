// A request and its response, as the transport accepts and returns them.

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'PATCH' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Maximum bytes of the response. */
  readonly limit: number;
  /** Milliseconds for one attempt with all its redirects, 30 s by default. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /** `return` returns a redirect to the caller instead of following it. */
  readonly redirect?: 'return';
  /** Receives the body of a successful response in chunks, created anew for each attempt; `HttpAnswer.body` is then empty. */
  readonly sink?: () => Sink;
  /**
   * For a request that must not be repeated unchanged, because the first may have been executed although its response was lost:
   * called before each repetition; returns what to send now, or the response if nothing is left to do.
   */
  readonly again?: () => Promise<Pick<HttpRequest, 'headers' | 'body'> | HttpAnswer>;
}

/** Must not throw. */
export type Sink = (chunk: Uint8Array) => void;

/** Values by name, in upper or lower case; null if there is none. */
export type ResponseHeaders = Pick<Headers, 'get' | 'has'>;

export const NO_HEADERS: ResponseHeaders = { get: () => null, has: () => false };

export interface HttpAnswer {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: Buffer;
  /** The address of the response, after redirects. */
  readonly url: URL;
}

/** Sends a request until it gets a response; throws `service` errors only, never for a status. */
export type Transport = (request: HttpRequest) => Promise<HttpAnswer>;
