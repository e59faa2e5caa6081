// The one transport: time and size limits on every response, one retry budget, explicit redirects, credentials that never leave their origin.
import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError } from '../errors.ts';
import { whyRefused } from './addresses.ts';
import { budgetOf } from './budget.ts';
import { type Deadline, outOfTime } from './deadline.ts';
import { exchange } from './exchange.ts';
import type { HttpAnswer, HttpRequest, Transport } from './message.ts';
import {
  isUnreachable,
  nameOf,
  refusal,
  resultOf,
  stateOf,
  transientFault,
  type Tries,
  triesOf,
  unavailable,
} from './faults.ts';
import { type Pace, paceOf } from './pace.ts';
import { type AgentFor, agentsFor } from './proxy.ts';
import { waitBefore } from './wait.ts';

export interface TransportOptions {
  /** Milliseconds of waiting for transient faults, for all requests of the step together. */
  readonly retryTimeout: number;
  /** Called before each new attempt. */
  readonly onRetry: (message: string) => void;
  /** When no request of the step is sent any more. */
  readonly deadline?: Deadline | undefined;
  /** Without it, no proxy is used. */
  readonly agentFor?: AgentFor;
}

const ATTEMPT_TIMEOUT = 30_000;
/** Bytes; what is larger gives no reason, and the first answer stands. */
const REASON_LIMIT = 64 << 10;
const REDIRECTS = 5;
const REDIRECTING = new Set([301, 302, 303, 307, 308]);
const ATTEMPTS = 30;
const UNREACHABLE_ATTEMPTS = 3;

export function createTransport({
  retryTimeout,
  onRetry,
  deadline,
  agentFor = agentsFor({}),
}: TransportOptions): Transport {
  const budget = budgetOf(retryTimeout);
  const paces = new Map<string, Pace>();
  const paceFor = ({ url: { origin } }: HttpRequest): Pace => {
    const pace = paces.get(origin) ?? paceOf();
    paces.set(origin, pace);
    return pace;
  };

  const send = async (request: HttpRequest, tries: Tries): Promise<HttpAnswer> => {
    const pace = paceFor(request);
    let current = request;
    for (;;) {
      const attempt = ++tries.attempts;
      const leave = await pace.enter(request.body ? 'write' : 'read', request.signal);
      const started = Date.now();
      const outcome = await follow(current, agentFor)
        .then((answer) => withReason(current, answer, agentFor))
        .catch((error: unknown) => ({ error }));
      const fault = transientFault(outcome);
      leave(fault?.isRateLimit ? 'refused' : 'answered');
      if (!fault) {
        if ('error' in outcome) throw final(request, outcome.error, tries);
        return outcome;
      }
      const { wait, isNews } = fault.isRateLimit
        ? pace.slowDown(fault.retryAfter)
        : { wait: waitBefore(attempt, fault.retryAfter), isNews: true };
      const most = isUnreachable(fault) ? UNREACHABLE_ATTEMPTS : ATTEMPTS;
      const isLast = attempt >= most || request.signal?.aborted === true;
      if (isLast || !budget.spend(started, Date.now() + wait))
        throw unavailable(request, fault.state, tries);
      tries.state = fault.state;
      const seconds = (wait / 1000).toFixed(1);
      if (isNews)
        onRetry(`${resultOf(request, fault.state)}, attempt ${attempt + 1} in ${seconds} s`);
      await sleep(wait, undefined, request.signal ? { signal: request.signal } : {});
      const renewed = await request.again?.();
      if (renewed && 'status' in renewed) return renewed;
      current = { ...request, ...renewed };
    }
  };

  return async (request) => {
    const tries: Tries = { since: Date.now(), attempts: 0 };
    if (!deadline) return send(request, tries);
    try {
      return await send({ ...request, signal: anyOf(request.signal, deadline.signal) }, tries);
    } catch (error) {
      const isLate = deadline.signal.aborted && !request.signal?.aborted;
      throw isLate ? outOfTime(unanswered(request, tries), deadline) : error;
    }
  };
}

function unanswered(request: HttpRequest, tries: Tries): string {
  return tries.state === undefined
    ? `${nameOf(request)} had no answer`
    : `${triesOf(request, tries.state, tries)} and had no other answer`;
}

/** A 403 says in its body whether it is a rate limit, and to HEAD it has none: then GET is answered in its place. */
async function withReason(
  request: HttpRequest,
  answer: HttpAnswer,
  agentFor: AgentFor,
): Promise<HttpAnswer> {
  const isSilent = request.method === 'HEAD' && answer.status === 403;
  if (!isSilent || answer.headers.has('retry-after')) return answer;
  return follow({ ...request, method: 'GET', limit: REASON_LIMIT }, agentFor).catch(() => answer);
}

/** One attempt: a redirect does not give it more time. */
async function follow(request: HttpRequest, agentFor: AgentFor): Promise<HttpAnswer> {
  const timer = AbortSignal.timeout(request.timeout ?? ATTEMPT_TIMEOUT);
  const signal = anyOf(request.signal, timer);
  let { url, headers = {} } = request;
  for (let hop = 0; ; hop++) {
    const answer = await ask({ ...request, url, headers, signal }, agentFor);
    const location = answer.headers.get('location');
    if (!REDIRECTING.has(answer.status) || location === null) return answer;
    // A request body may contain a secret, so the caller handles the redirect.
    if (request.body || request.redirect === 'return') return answer;
    if (hop >= REDIRECTS) throw refusal(request, `it redirects more than ${REDIRECTS} times`);
    const next = new URL(location, url);
    const reason = await whyRefused(next, url);
    if (reason !== undefined) {
      throw refusal(request, `it redirects to ${next.origin}, but ${reason}`);
    }
    // OCI distribution-spec, "Pulling blobs": credentials of the registry are not for the storage that it redirects to.
    if (next.origin !== url.origin) headers = withoutAuthorization(headers);
    url = next;
  }
}

function withoutAuthorization(headers: Readonly<Record<string, string>>): Record<string, string> {
  const others = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization');
  return Object.fromEntries(others);
}

async function ask(
  request: HttpRequest & { readonly signal: AbortSignal },
  agentFor: AgentFor,
): Promise<HttpAnswer> {
  const { method, url, headers = {}, body, limit, signal } = request;
  const all = { 'user-agent': 'countersign', 'accept-encoding': 'identity', ...headers };
  const answer = await exchange({ method, url, headers: all, body, signal }, agentFor);
  const chunks: Uint8Array[] = [];
  const take =
    (isSuccess(answer.status) && request.sink?.()) ||
    ((chunk: Uint8Array) => void chunks.push(chunk));
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.byteLength;
    if (size > limit) {
      throw refusal(request, `the response is larger than ${limit} bytes`, 'LIMIT_EXCEEDED');
    }
    take(chunk);
  }
  return { status: answer.status, headers: answer.headers, body: Buffer.concat(chunks), url };
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function anyOf(first: AbortSignal | undefined, second: AbortSignal): AbortSignal {
  return first ? AbortSignal.any([first, second]) : second;
}

/** Our own errors and aborted requests are passed on unchanged. */
function final(request: HttpRequest, error: unknown, tries: Tries): unknown {
  if (error instanceof ActionError || request.signal?.aborted) return error;
  return unavailable(request, stateOf(error), tries);
}
