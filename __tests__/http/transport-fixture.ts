// A transport, by default without retries, and the error that a request ends with.
import { ActionError } from '../../src/errors.ts';
import type { Deadline } from '../../src/http/deadline.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../../src/http/message.ts';
import { createTransport } from '../../src/http/transport.ts';

export const SOON = { 'retry-after': '0' };

export const good = { body: 'good' };

export function transportWith(
  retryTimeout: number,
  deadline?: Deadline,
): Transport & { readonly said: readonly string[] } {
  const said: string[] = [];
  return Object.assign(
    createTransport({ retryTimeout, onRetry: (message) => said.push(message), deadline }),
    { said },
  );
}

export const get = (
  url: URL,
  rest: Partial<HttpRequest> = {},
  transport = transportWith(0),
): Promise<HttpAnswer> => transport({ method: 'GET', url, limit: 1000, ...rest });

export async function refusalOf(answer: Promise<HttpAnswer>): Promise<ActionError> {
  const outcome: unknown = await answer.catch((error: unknown) => error);
  if (outcome instanceof ActionError) return outcome;
  throw new Error('It was answered', { cause: outcome });
}
