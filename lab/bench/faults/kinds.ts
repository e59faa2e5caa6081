// The faults that a request meets, as users of registries and of Sigstore report them.
import type { FaultAction } from '../../services/faults.ts';

export interface FaultKind {
  readonly name: string;
  readonly action: FaultAction;
}

const page = '<!doctype html><title>Sign in</title>';
const html = { 'content-type': 'text/html' };
const json = { 'content-type': 'application/json' };

/** Those that `.ci/run` tries. */
export const commonFaults: readonly FaultKind[] = [
  { name: '503', action: { status: 503 } },
  { name: 'reset', action: { reset: true } },
  { name: 'answer lost', action: { processed: true, reset: true } },
  { name: 'HTML 200', action: { status: 200, headers: html, body: page } },
];

export const allFaults: readonly FaultKind[] = [
  ...commonFaults,
  { name: '500', action: { status: 500 } },
  { name: '408', action: { status: 408 } },
  { name: '429', action: { status: 429, headers: { 'retry-after': '1' } } },
  { name: '403 rate limit', action: { status: 403, body: 'API rate limit exceeded' } },
  { name: '401', action: { status: 401 } },
  { name: '204', action: { status: 204 } },
  { name: '{}', action: { status: 200, headers: json, body: '{}' } },
  { name: 'truncated', action: { processed: true, truncate: true } },
  { name: 'slow', action: { delay: 500 } },
  { name: 'hang', action: { hang: true } },
  { name: 'drip', action: { processed: true, drip: true } },
  { name: 'redirect loop', action: { status: 307, headers: { location: '/' } } },
];
