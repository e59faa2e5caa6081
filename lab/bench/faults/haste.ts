// Preloaded into the process of the action: a clock that skips what is only waiting, so that a fault for ever takes a second.
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import type { EventLoopUtilization } from 'node:perf_hooks';
import timers from 'node:timers/promises';

/** Between the moments at which something happens in a step, time is four times as fast; what has had no response for a second is one that hangs. */
const FAST = { speed: 4, until: 1000 } as const;
const FASTER = 60;
/** Milliseconds in which a step does nothing that only waits for the clock, and the share of them that its own work may take. */
const TURN = 8;
const WORK = 0.2;

interface Alarm {
  readonly at: number;
  readonly ring: () => void;
  readonly kind: 'sleep' | 'limit';
  timer?: NodeJS.Timeout;
}

const realTime = performance.now.bind(performance);
const { setTimeout: sleep } = timers;
const alarms = new Set<Alarm>();
let inFlight = 0;
let watch: NodeJS.Timeout | undefined;
let moment = { real: realTime(), time: Date.now() };

function now(): number {
  const passed = realTime() - moment.real;
  const rest = Math.max(passed - FAST.until, 0);
  return moment.time + (passed - rest) * FAST.speed + rest * FASTER;
}

/** Milliseconds of the real clock. */
function realTimeTo(at: number): number {
  const left = Math.max(at - now(), 0);
  const near = Math.max(moment.real + FAST.until - realTime(), 0);
  const fast = Math.min(left, near * FAST.speed);
  return Math.ceil(fast / FAST.speed + (left - fast) / FASTER);
}

/** Something happens at this time: what waits for the clock is scheduled again. */
function happen(time: number): void {
  moment = { real: realTime(), time };
  for (const alarm of alarms) schedule(alarm);
}

function schedule(alarm: Alarm): void {
  clearTimeout(alarm.timer);
  alarm.timer = setTimeout(() => {
    if (now() < alarm.at) {
      schedule(alarm);
      return;
    }
    alarms.delete(alarm);
    alarm.ring();
  }, realTimeTo(alarm.at));
  if (alarm.kind === 'limit') alarm.timer.unref();
}

function set(kind: Alarm['kind'], milliseconds: number, ring: () => void): Alarm {
  const alarm: Alarm = { at: now() + milliseconds, ring, kind };
  alarms.add(alarm);
  schedule(alarm);
  return alarm;
}

/** If no request is sent, no file is read and nothing is computed, the end of the shortest sleep is now. */
function skipWhenIdle(): void {
  watch ??= setTimeout(look, TURN, performance.eventLoopUtilization());
}

function look(before: EventLoopUtilization): void {
  watch = undefined;
  const ends = [...alarms].filter(({ kind }) => kind === 'sleep').map(({ at }) => at);
  if (inFlight > 0 || ends.length === 0) return;
  const isBusy = performance.eventLoopUtilization(before).utilization > WORK;
  const isReading = process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
  if (!isBusy && !isReading) happen(Math.max(Math.min(...ends), now()));
  skipWhenIdle();
}

function arrived(): void {
  inFlight--;
  happen(now());
  skipWhenIdle();
}

Date.now = now;
performance.now = () => now() - performance.timeOrigin;
AbortSignal.timeout = (milliseconds) => {
  const limit = new AbortController();
  set('limit', milliseconds, () => limit.abort(new DOMException('timeout', 'TimeoutError')));
  return limit.signal;
};
timers.setTimeout = (milliseconds = 1, value, { signal, ...options } = {}) =>
  new Promise((resolve, reject) => {
    const alarm = set('sleep', milliseconds, () => resolve(value as never));
    skipWhenIdle();
    const stop = (): void => {
      clearTimeout(alarm.timer);
      alarms.delete(alarm);
      sleep(0, value, { ...options, ...(signal ? { signal } : {}) }).catch(reject);
    };
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop);
  });
for (const client of [http, https]) {
  const { request } = client;
  client.request = ((url: URL, options: http.RequestOptions) => {
    inFlight++;
    happen(now());
    return request(url, options)
      .once('response', () => happen(now()))
      .once('close', arrived);
  }) as typeof request;
}
syncBuiltinESMExports();
