// Which failures of a request are transient, and how the others are explained.
import { ActionError, codeOf } from '../errors.ts';
import type { HttpAnswer, HttpRequest } from './message.ts';

export interface Fault {
  /** Status or error code, for messages. */
  readonly state: string;
  /** Milliseconds from Retry-After. */
  readonly retryAfter?: number;
  /** The server requires fewer requests. */
  readonly isRateLimit?: true;
}

/** The host does not exist or does not listen: more likely a wrong address than a transient fault. */
const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND']);
const PASSING =
  /^(timeout|ECONNRESET|EPIPE|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_STREAM_PREMATURE_CLOSE|ERR_PROXY_TUNNEL|5\d\d from the proxy)$/;

/** Node reads 16 KiB of them. */
const HEAD_TOO_LARGE = 'headers of over 16 KiB';

const UNSENT = 'the request could not be sent';

/** Whether a retry is futile after a few attempts. */
export function isUnreachable({ state }: Fault): boolean {
  return UNREACHABLE.has(state);
}

/** The transient fault: RFC 9110 section 15, and registries that report rate limits as 403. */
export function transientFault(
  outcome: HttpAnswer | { readonly error: unknown },
): Fault | undefined {
  if ('error' in outcome) {
    const fault = { state: stateOf(outcome.error) };
    return PASSING.test(fault.state) || isUnreachable(fault) ? fault : undefined;
  }
  const { status, body, headers } = outcome;
  const text = body.subarray(0, 4096).toString();
  const isRateLimit = status === 403 && (headers.has('retry-after') || /rate limit/i.test(text));
  if (![408, 425, 429].includes(status) && status < 500 && !isRateLimit) return undefined;
  if (status === 501 || status === 505) return undefined;
  const retryAfter = waitIn(headers.get('retry-after') ?? 'none');
  return {
    state: String(status),
    ...(Number.isFinite(retryAfter) ? { retryAfter } : {}),
    ...(status === 429 || isRateLimit ? { isRateLimit: true } : {}),
  };
}

/** RFC 9110 section 10.2.3, in milliseconds; NaN for anything else. */
function waitIn(header: string): number {
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return seconds * 1000;
  return Math.max(Date.parse(header) - Date.now(), 0);
}

/** The code of what was thrown, or its message. */
export function stateOf(error: unknown): string {
  if (!Error.isError(error)) return String(error);
  if (error.name === 'TimeoutError') return 'timeout';
  // Node quotes the headers of a request that is not sent at all.
  if (error.name === 'TypeError') return UNSENT;
  const code = codeOf(error);
  if (code === 'ERR_PROXY_TUNNEL' && 'statusCode' in error)
    return `${String(error.statusCode)} from the proxy`;
  return code === 'HPE_HEADER_OVERFLOW' ? HEAD_TOO_LARGE : (code ?? error.message);
}

/** Method, host and path: a query may contain the secret of a signed URL. */
export function nameOf({ method, url }: Pick<HttpRequest, 'method' | 'url'>): string {
  return `${method} ${url.host}${url.pathname}`;
}

/** `GET ghcr.io/v2/ answered 503`, `GET ghcr.io/v2/ failed: ECONNREFUSED`. */
export function resultOf(request: Pick<HttpRequest, 'method' | 'url'>, state: string): string {
  return /^\d/.test(state)
    ? `${nameOf(request)} answered ${state}`
    : `${nameOf(request)} failed: ${state}`;
}

/** What a request has met so far. */
export interface Tries {
  /** Milliseconds since the epoch. */
  readonly since: number;
  attempts: number;
  /** Of the last attempt that failed. */
  state?: string;
}

/** `GET ghcr.io/v2/ answered 503 (attempt 3 after 4 s)`. */
export function triesOf(request: HttpRequest, state: string, { attempts, since }: Tries): string {
  const seconds = Math.round((Date.now() - since) / 1000);
  const time = seconds === 0 ? '' : ` after ${seconds} s`;
  return `${resultOf(request, state)} (attempt ${attempts}${time})`;
}

export function unavailable(request: HttpRequest, state: string, tries: Tries): ActionError {
  const { host } = request.url;
  return new ActionError('service', 'SERVICE_UNREACHABLE', {
    message: `Cannot reach "${host}": ${triesOf(request, state, tries)}`,
    remedy: remedyFor(state, host),
  });
}

function remedyFor(state: string, host: string): string {
  if (/SELF_SIGNED|ISSUER|VERIFY|CERT_SIGNATURE/.test(state)) {
    return `trust the CA that issued the certificate of ${host}: set NODE_EXTRA_CA_CERTS in the environment of the runner`;
  }
  if (state === HEAD_TOO_LARGE) {
    return `find out why the headers of ${host} are so large; to read up to 64 KiB of them, set NODE_OPTIONS to --max-http-header-size=65536 in "env" of the step`;
  }
  if (PASSING.test(state) || /^\d+$/.test(state)) {
    return 'run the job again later, or raise "retry-timeout"';
  }
  if (state === UNSENT) return `check the address, and the credentials for ${host}`;
  return `check the address, and that this runner can connect to ${host}`;
}

export function refusal(
  request: Pick<HttpRequest, 'method' | 'url'>,
  state: string,
  code: 'SERVICE_ANSWER' | 'LIMIT_EXCEEDED' = 'SERVICE_ANSWER',
): ActionError {
  return new ActionError('service', code, {
    message: `Cannot use the response to ${nameOf(request)}: ${state}`,
    remedy: `check what answers at ${request.url.host}: the address may be wrong, or a proxy may answer instead`,
  });
}
