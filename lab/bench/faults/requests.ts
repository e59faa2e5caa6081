// The requests of an undisturbed step, each by what it asks for, and the fault that meets one of them.
import type { Fault, FaultAction } from '../../services/faults.ts';
import type { Struck } from '../kills/kill.ts';

/** The request alone; every request that asks for the same; or this one and whatever its service is asked afterwards. */
export type Duration = 'once' | 'for ever' | 'from then on';

export interface Request {
  readonly service: string;
  readonly server: string;
  readonly host: string;
  readonly method: string;
  /** Without what differs between images. */
  readonly path: string;
  /** Requests of this kind before it. */
  readonly earlier: number;
}

const VARIABLES: readonly (readonly [name: string, pattern: string])[] = [
  ['DIGEST', 'sha256(?::|%3A)[0-9a-f]{64}'],
  ['TAG', 'sha256-[0-9a-f]{64}'],
  ['UPLOAD', '[0-9a-f]{8}-[0-9a-f-]{27}'],
  ['IMAGE', 'acme/image-\\d+'],
  ['NUMBER', '\\d+(?=\\.json)'],
];

export async function requestsTo(
  services: Readonly<Record<string, Struck>>,
  run: () => Promise<unknown>,
): Promise<readonly Request[]> {
  for (const service of Object.values(services)) await service.clear();
  await run();
  const requests: Request[] = [];
  for (const [name, service] of Object.entries(services)) {
    for (const { server, method, path: full, headers } of await service.requests()) {
      // The certificate authority asks for the keys of the token's issuer.
      if (full.endsWith('/jwks')) continue;
      const path = withoutVariables(full);
      const host = headers['host'] ?? '';
      const request = { service: name, server, host, method, path };
      const earlier = requests.filter((each) => isAlike(each, request)).length;
      requests.push({ ...request, earlier });
    }
  }
  return requests;
}

export function nameOf({ server, method, path, earlier }: Request): string {
  return `${server} ${method} ${path}${earlier === 0 ? '' : ` (${earlier + 1})`}`;
}

export function faultAt(
  { server, method, path, earlier }: Request,
  action: FaultAction,
  duration: Duration,
): Fault {
  const fault = { server, method, path: patternOf(path), action };
  switch (duration) {
    case 'once':
      return { ...fault, skip: earlier, times: 1 };
    case 'for ever':
      return { ...fault, skip: earlier };
    case 'from then on':
      return { ...fault, skip: earlier, spreads: true };
  }
}

function isAlike(a: Omit<Request, 'earlier'>, b: Omit<Request, 'earlier'>): boolean {
  return a.server === b.server && a.method === b.method && a.path === b.path;
}

function withoutVariables(path: string): string {
  return VARIABLES.reduce(
    (text, [name, pattern]) => text.replace(new RegExp(pattern, 'g'), name),
    path.replace(/\?.*/, ''),
  );
}

function patternOf(path: string): string {
  const literal = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = VARIABLES.reduce((text, [name, value]) => text.replaceAll(name, value), literal);
  return `^${pattern}(?:\\?|$)`;
}
