// The requests of an undisturbed step, each by what it asks for, and the fault that meets one of them.
import type { Fault, FaultAction } from '../../services/faults.ts';
import type { SeenRequest } from '../../services/start.ts';
import type { Struck } from '../kills/kill.ts';

/** The request alone; every request that asks for the same; or this one and whatever its service is asked afterwards. */
export const DURATIONS = ['once', 'for ever', 'from then on'] as const;
export type Duration = (typeof DURATIONS)[number];

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
  ['HASH', '[0-9a-f]{64}(?=\\.)'],
];

export interface Selection {
  /** Requests of one kind: those for the other platforms of an image are alike. */
  readonly most?: number;
  /** To one service alone. */
  readonly service?: string;
}

export async function requestsTo(
  services: Readonly<Record<string, Struck>>,
  run: () => Promise<unknown>,
  { most = Infinity, service: only }: Selection = {},
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
  return requests.filter(
    ({ service, earlier }) => earlier < most && (only === undefined || service === only),
  );
}

export function nameOf({ server, method, path, earlier }: Request): string {
  const short = path.replace('/v2/IMAGE/', '');
  return `${server} ${method} ${short}${earlier === 0 ? '' : ` (${earlier + 1})`}`;
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

/** What a service is asked after a request: how often for the same, and how often for something else. */
export interface Later {
  readonly alike: number;
  readonly others: number;
}

export function laterThan(
  { server, method, path, earlier }: Request,
  seen: readonly SeenRequest[],
): Later {
  const pattern = new RegExp(patternOf(path));
  const isOfKind = (each: SeenRequest): boolean =>
    each.server === server && each.method === method && pattern.test(each.path);
  const [first] = seen.filter(isOfKind).slice(earlier);
  if (!first) return { alike: Infinity, others: Infinity };
  const later = seen.slice(seen.indexOf(first) + 1);
  const alike = later.filter(isOfKind).length;
  return { alike, others: later.length - alike };
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
