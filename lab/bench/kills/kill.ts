// Kills a step at one of its requests: before the service executes it, or after it without a response.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActionResult } from '../../runner/run-action.ts';
import type { SeenRequest, ServiceHandle } from '../../services/start.ts';

/** A process with a service; its settings do not matter here. */
export type Struck = Pick<ServiceHandle<object>, 'requests' | 'clear' | 'fault' | 'mend'>;
export type Moment = 'before' | 'after';
/** The action, which is killed when `kill` is fulfilled. */
export type Run = (kill?: Promise<NodeJS.Signals>) => Promise<ActionResult>;

export interface Point {
  readonly service: string;
  /** Counted from 1, in the order in which the service gets them. */
  readonly number: number;
  readonly moment: Moment;
}

const LOOK = 10;

/** Every point of an undisturbed run: each service's requests, at both moments or at one. */
export async function pointsOf(
  services: Readonly<Record<string, Struck>>,
  moments: readonly Moment[],
  run: Run,
): Promise<readonly Point[]> {
  await Promise.all(Object.values(services).map((service) => service.clear()));
  const { exit, log } = await run();
  if (exit !== 0) throw new Error(`The step does not sign: ${log}`);
  const points: Point[] = [];
  for (const [service, handle] of Object.entries(services)) {
    const count = (await handle.requests()).length;
    for (let number = 1; number <= count; number++)
      points.push(...moments.map((moment) => ({ service, number, moment })));
  }
  return points;
}

export interface Killing {
  readonly run: Run;
  readonly signal: NodeJS.Signals;
}

export interface Killed {
  /** The last request; undefined if the step ended without it. */
  readonly last: string | undefined;
  readonly result: ActionResult;
}

export async function killAt(
  services: Readonly<Record<string, Struck>>,
  { service: name, number, moment }: Point,
  { run, signal }: Killing,
): Promise<Killed> {
  const service = services[name];
  if (!service) throw new Error(`There is no ${name}`);
  for (const each of Object.values(services)) await each.clear();
  if (moment === 'after') {
    const action = { hang: true, processed: true } as const;
    await service.fault({ path: '', skip: number - 1, times: 1, action });
  }
  const skip = moment === 'before' ? number - 1 : 0;
  await service.fault({ path: '', skip, action: { hang: true } });
  const running = new AbortController();
  const arrival = requestAt(service, number, running.signal);
  const result = await run(arrival.then(() => signal));
  running.abort();
  await service.mend();
  const last = await arrival;
  const isKilled = result.exit !== 0 && last !== undefined;
  return { last: isKilled ? `${last.method} ${last.path.replace(/\?.*/, '')}` : undefined, result };
}

/** Undefined if the run ends without it. */
async function requestAt(
  service: Struck,
  number: number,
  running: AbortSignal,
): Promise<SeenRequest | undefined> {
  while (!running.aborted) {
    const request = (await service.requests())[number - 1];
    if (request) return request;
    await sleep(LOOK);
  }
  return undefined;
}
