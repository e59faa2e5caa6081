// The one transport: time and size limits on every answer, one retry budget, redirects by hand, credentials that never leave their origin.
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError, codeOf, messageOf } from './errors.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Bytes of the answer that are read at most. */
  readonly limit: number;
  /** Milliseconds for one attempt, 30 s when left out. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /** `return` hands a redirect to the caller instead of following it. */
  readonly redirect?: 'return';
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
}

/** Sends a request until it is answered; throws `service` errors only, never for a status. */
export type Transport = (request: HttpRequest) => Promise<HttpAnswer>;

const ATTEMPT_TIMEOUT = 30_000;
/** A server that says "Retry-After: 0" must not be asked in a loop. */
const SHORTEST_WAIT = 250;
const LONGEST_WAIT = 60_000;
const REDIRECTS = 5;
/** Nobody listens, or nobody has that name: more likely a wrong address than a passing fault, so it is not asked for minutes. */
const NOBODY_THERE = new Set(['ECONNREFUSED', 'ENOTFOUND']);
const NOBODY_THERE_ATTEMPTS = 3;
const PASSING =
  /^(timeout|ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_.*|other side closed|5\d\d from the proxy)$/;

/** Makes the built-in clients honour HTTPS_PROXY and NO_PROXY, where this Node can. */
export function useProxyFromEnvironment(): void {
  (http as { setGlobalProxyFromEnv?: () => void }).setGlobalProxyFromEnv?.();
}

/**
 * `retryTimeout` (milliseconds) starts with the first transient fault and is shared by all requests of the step;
 * `onRetry` hears of every new attempt.
 */
export function createTransport({
  retryTimeout,
  onRetry,
}: {
  readonly retryTimeout: number;
  readonly onRetry: (message: string) => void;
}): Transport {
  let deadline: number | undefined;
  return async (request) => {
    for (let attempt = 1; ; attempt++) {
      const outcome = await follow(request).catch((error: unknown) => ({ error }));
      const fault = transientFault(outcome);
      if (!fault) {
        if ('error' in outcome) throw final(request, outcome.error, attempt);
        return outcome;
      }
      deadline ??= Date.now() + retryTimeout;
      const backoff = 2 ** Math.min(attempt, 6) * (250 + Math.random() * 250);
      const wait = Math.min(Math.max(fault.retryAfter ?? backoff, SHORTEST_WAIT), LONGEST_WAIT);
      const isOver =
        Date.now() + wait > deadline ||
        (NOBODY_THERE.has(fault.state) && attempt >= NOBODY_THERE_ATTEMPTS);
      if (isOver || request.signal?.aborted) throw unavailable(request, fault.state, attempt);
      onRetry(
        `${nameOf(request)} answered ${fault.state}, attempt ${attempt + 1} in ${(wait / 1000).toFixed(1)} s`,
      );
      await sleep(wait, undefined, request.signal ? { signal: request.signal } : {});
    }
  };
}

interface Fault {
  /** Status or error code, for people. */
  readonly state: string;
  /** Milliseconds that the server asked for. */
  readonly retryAfter?: number;
}

// RFC 9110 section 15 and the registries' habit of dressing rate limits as 403.
function transientFault(outcome: HttpAnswer | { readonly error: unknown }): Fault | undefined {
  if ('error' in outcome) {
    const state = errorCode(outcome.error);
    return PASSING.test(state) || NOBODY_THERE.has(state) ? { state } : undefined;
  }
  const { status, body, headers } = outcome;
  const isRateLimit =
    status === 403 &&
    (headers.has('retry-after') || /rate limit/i.test(body.subarray(0, 4096).toString()));
  if (![408, 425, 429].includes(status) && status < 500 && !isRateLimit) return undefined;
  if (status === 501 || status === 505) return undefined;
  const seconds = Number(headers.get('retry-after') ?? 'none');
  const until = Date.parse(headers.get('retry-after') ?? '') - Date.now();
  const retryAfter = Number.isFinite(seconds) ? seconds * 1000 : Math.max(until, 0);
  return { state: String(status), ...(Number.isFinite(retryAfter) ? { retryAfter } : {}) };
}

async function follow(request: HttpRequest): Promise<HttpAnswer> {
  let { url, headers = {} } = request;
  for (let hop = 0; ; hop++) {
    const answer = await attempt({ ...request, url, headers });
    const location = answer.headers.get('location');
    if (
      ![301, 302, 303, 307, 308].includes(answer.status) ||
      location === null ||
      request.body ||
      request.redirect === 'return'
    )
      return answer;
    const next = new URL(location, url);
    if (hop >= REDIRECTS) throw refusal(request, `it redirects more than ${REDIRECTS} times`);
    if (url.protocol === 'https:' && next.protocol !== 'https:')
      throw refusal(request, 'it redirects from https to http');
    // OCI distribution-spec, "Pulling blobs": credentials of the registry are not for the storage that it redirects to.
    if (next.origin !== url.origin)
      headers = Object.fromEntries(
        Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'),
      );
    url = next;
  }
}

async function attempt({
  method,
  url,
  headers = {},
  body,
  limit,
  timeout = ATTEMPT_TIMEOUT,
  signal,
}: HttpRequest): Promise<HttpAnswer> {
  const timer = AbortSignal.timeout(timeout);
  const answer = await fetch(url, {
    method,
    headers: { 'user-agent': 'countersign', 'accept-encoding': 'identity', ...headers },
    redirect: 'manual',
    signal: signal ? AbortSignal.any([timer, signal]) : timer,
    ...(body ? { body } : {}),
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > limit)
      throw refusal({ method, url }, `the answer is larger than ${limit} bytes`, 'LIMIT_EXCEEDED');
    chunks.push(chunk);
  }
  return { status: answer.status, headers: answer.headers, body: Buffer.concat(chunks), url };
}

function errorCode(error: unknown): string {
  if (!Error.isError(error)) return String(error);
  if (error.name === 'TimeoutError') return 'timeout';
  const { cause } = error;
  // Of a proxy that refuses, the client says so two causes below, and in words alone.
  const [, status] =
    (Error.isError(cause) && /^Proxy response \((\d+)\)/.exec(messageOf(cause.cause))) || [];
  if (status !== undefined) return `${status} from the proxy`;
  const inner =
    Error.isError(cause) && 'errors' in cause && Array.isArray(cause.errors)
      ? (cause.errors as unknown[])[0]
      : cause;
  return codeOf(inner) ?? (Error.isError(inner) ? inner.message : error.message);
}

/** Method, host and path: a query may carry a signed URL's secret. */
export function nameOf({ method, url }: Pick<HttpRequest, 'method' | 'url'>): string {
  return `${method} ${url.host}${url.pathname}`;
}

/** Our own errors and a request that was called off stay what they are. */
function final(request: HttpRequest, error: unknown, attempts: number): unknown {
  if (error instanceof ActionError || request.signal?.aborted) return error;
  return unavailable(request, errorCode(error), attempts);
}

function unavailable(request: HttpRequest, state: string, attempts: number): ActionError {
  const { host } = request.url;
  return new ActionError('service', 'SERVICE_UNREACHABLE', {
    message: `Cannot reach "${host}": ${nameOf(request)} answered ${state} (attempt ${attempts})`,
    remedy: remedyFor(state, host),
  });
}

function remedyFor(state: string, host: string): string {
  if (/SELF_SIGNED|ISSUER|VERIFY|CERT_SIGNATURE/.test(state))
    return `trust the authority of the certificate of ${host}: set NODE_EXTRA_CA_CERTS in the environment of the runner`;
  if (PASSING.test(state) || /^\d+$/.test(state))
    return 'run the job again later, or raise "retry-timeout"';
  return `check the address, and that this runner may connect to ${host}`;
}

function refusal(
  request: Pick<HttpRequest, 'method' | 'url'>,
  state: string,
  code: 'SERVICE_ANSWER' | 'LIMIT_EXCEEDED' = 'SERVICE_ANSWER',
): ActionError {
  return new ActionError('service', code, {
    message: `Cannot use the answer to ${nameOf(request)}: ${state}`,
    remedy: `check what answers at ${request.url.host}: a proxy in between, or a wrong address`,
  });
}
