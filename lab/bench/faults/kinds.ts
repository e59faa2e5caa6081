// The faults that a request meets, as users of registries and of Sigstore report them.
import type { FaultAction } from '../../services/faults.ts';

export interface FaultKind {
  readonly name: string;
  readonly action: FaultAction;
  /** `passing`: what may be gone at the next attempt. `no answer`: the response of something else than the service, or of one that refuses. */
  readonly group: 'passing' | 'no answer' | 'slow';
}

const page = '<!doctype html><title>Sign in</title>';
const html = { 'content-type': 'text/html' };
const json = { 'content-type': 'application/json' };

/** Those that `.ci/run` tries. */
export const commonFaults: readonly FaultKind[] = [
  { name: '503', group: 'passing', action: { status: 503 } },
  { name: 'reset', group: 'passing', action: { reset: true } },
  { name: 'answer lost', group: 'passing', action: { processed: true, reset: true } },
  { name: 'HTML 200', group: 'no answer', action: { status: 200, headers: html, body: page } },
];

export const allFaults: readonly FaultKind[] = [
  ...commonFaults,
  { name: '500', group: 'passing', action: { status: 500 } },
  { name: '408', group: 'passing', action: { status: 408 } },
  { name: '429', group: 'passing', action: { status: 429, headers: { 'retry-after': '1' } } },
  {
    name: '403 rate limit',
    group: 'passing',
    action: { status: 403, body: 'API rate limit exceeded' },
  },
  { name: '401', group: 'no answer', action: { status: 401 } },
  { name: '204', group: 'no answer', action: { status: 204 } },
  { name: '{}', group: 'no answer', action: { status: 200, headers: json, body: '{}' } },
  { name: 'truncated', group: 'passing', action: { processed: true, truncate: true } },
  { name: 'slow', group: 'slow', action: { delay: 500 } },
  { name: 'hang', group: 'passing', action: { hang: true } },
  { name: 'drip', group: 'passing', action: { processed: true, drip: true } },
  {
    name: 'redirect loop',
    group: 'no answer',
    action: { status: 307, headers: { location: '/' } },
  },
];
