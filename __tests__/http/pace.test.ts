// A server that limits the rate of requests gets fewer, and none of them is lost.
import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test } from '@jest/globals';

import { budgetOf } from '../../src/http/budget.ts';
import type { HttpRequest } from '../../src/http/message.ts';
import { paceOf } from '../../src/http/pace.ts';
import { createTransport } from '../../src/http/transport.ts';
import { serve } from '../../lab/services/loopback.ts';
import { until } from '../../lab/services/until.ts';

const transportWith = (retryTimeout: number): ReturnType<typeof createTransport> =>
  createTransport({ retryTimeout, onRetry: () => undefined });

function requests(count: number, url: URL, rest: Partial<HttpRequest>): readonly HttpRequest[] {
  return Array.from({ length: count }, () => ({ method: 'GET', url, limit: 1000, ...rest }));
}

test.each<[string, number, Partial<HttpRequest>]>([
  ['requests with a body', 32, { method: 'POST', body: Buffer.from('entry') }],
  ['requests without one', 100, {}],
])('%s are sent at most %i at once while hundreds wait', async (_, limit, request) => {
  let [open, most] = [0, 0];
  const server = await serve(async () => {
    most = Math.max(most, ++open);
    // The first ones wait for as many as may come.
    await until(() => most >= limit);
    await sleep(20);
    open--;
    return { body: 'good' };
  });
  const { signal } = new AbortController();
  const all = requests(600, server.url, { ...request, signal });
  const computed = process.cpuUsage();
  const answers = await Promise.all(all.map(transportWith(0)));
  const { user } = process.cpuUsage(computed);
  expect(answers.map(({ status }) => status)).toEqual(Array(600).fill(200));
  expect(most).toBe(limit);
  // An answer wakes one that waits. If it woke all of them, they would take half a minute.
  expect(user / 1e6).toBeLessThan(5);
});

test('sends a request with a body while others without one wait', async () => {
  let isHeld = true;
  const server = await serve(async ({ method }) => {
    if (method === 'GET') await until(() => !isHeld);
    return { body: 'good' };
  });
  const transport = transportWith(0);
  const reads = requests(150, server.url, {}).map(transport);
  const [write] = requests(1, server.url, { method: 'POST', body: Buffer.from('entry') });
  if (!write) throw new RangeError('no request');
  expect(await transport(write)).toMatchObject({ status: 200 });
  isHeld = false;
  await Promise.all(reads);
});

test('gives the turn of a cancelled request to the next', async () => {
  let isHeld = true;
  const server = await serve(async () => {
    await until(() => !isHeld);
    return { body: 'good' };
  });
  const transport = transportWith(0);
  const first = requests(100, server.url, {}).map(transport);
  const stop = new AbortController();
  const given = requests(64, server.url, { signal: stop.signal }).map(transport);
  const others = requests(64, server.url, {}).map(transport);
  stop.abort();
  isHeld = false;
  for (const each of given) await expect(each).rejects.toThrow();
  expect(await Promise.all([...first, ...others])).toHaveLength(164);
});

test('gives the turn of a request that is cancelled in a pause to the next', async () => {
  const pace = paceOf();
  const enter = (signal?: AbortSignal): ReturnType<typeof pace.enter> =>
    pace.enter('write', signal);
  // Two at once from now on.
  pace.slowDown(0);
  const inFlight = await Promise.all([enter(), enter()]);
  const stop = new AbortController();
  const cancelled = Array.from({ length: 3 }, () => enter(stop.signal).catch(() => 'cancelled'));
  const last = enter();
  pace.slowDown(500);
  for (const leave of inFlight) leave('refused');
  await sleep(0);
  stop.abort();
  expect(await Promise.all(cancelled)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  expect(await Promise.race([last, sleep(10_000, 'still waiting', { ref: false })])).toBeInstanceOf(
    Function,
  );
});

test('delays requests at a rate limit and completes all of them', async () => {
  const window = 500;
  const allowed = 10;
  let [began, taken, refused] = [0, 0, 0];
  const server = await serve(() => {
    if (Date.now() - began > window) [began, taken] = [Date.now(), 0];
    if (++taken <= allowed) return { body: 'good' };
    refused++;
    return { status: 429, headers: { 'retry-after': '1' } };
  });
  const answers = await Promise.all(requests(60, server.url, {}).map(transportWith(60_000)));
  expect(answers.map(({ status }) => status)).toEqual(Array(60).fill(200));
  // Without pauses for the whole server, each of five rejected rounds would send all remaining requests again.
  expect(refused).toBeLessThan(120);
});

test('does not let requests that hang hold up the others', async () => {
  let [open, most] = [0, 0];
  const server = await serve(async ({ path }) => {
    most = Math.max(most, ++open);
    if (path === '/hang') return 'hang';
    await sleep(50);
    open--;
    return { body: 'good' };
  });
  const transport = transportWith(0);
  const stop = new AbortController();
  // They hang for longer than the test may take.
  const rest = { signal: stop.signal, timeout: 600_000 };
  const hanging = requests(100, new URL('/hang', server.url), rest);
  const given = hanging.map((request) => transport(request).catch(() => 'given up'));
  await until(() => open === 100);
  const answers = await Promise.all(requests(100, server.url, {}).map(transport));
  expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200));
  expect(most).toBeLessThanOrEqual(200);
  stop.abort();
  expect(new Set(await Promise.all(given))).toEqual(new Set(['given up']));
});

test('keeps to a rate limit without Retry-After, with one line for each pause', async () => {
  const rate = 20;
  let [left, filledAt, refused] = [rate, Date.now(), 0];
  const server = await serve(() => {
    const now = Date.now();
    left = Math.min(rate, left + ((now - filledAt) * rate) / 1000);
    filledAt = now;
    if (left-- >= 1) return { body: 'good' };
    left++;
    refused++;
    return { status: 429 };
  });
  const said: string[] = [];
  const onRetry = (message: string): void => void said.push(message);
  const transport = createTransport({ retryTimeout: 60_000, onRetry });
  const began = Date.now();
  const answers = await Promise.all(requests(160, server.url, {}).map(transport));
  expect(answers.map(({ status }) => status)).toEqual(Array(160).fill(200));
  // 7 s are the least; pauses that double with each refusal of a request make it 30.
  expect(Date.now() - began).toBeLessThan(12_000);
  expect(said.length).toBeLessThan(refused / 2);
});

test('does not send a cancelled request when its turn comes', async () => {
  let asked = 0;
  const server = await serve(() => {
    asked++;
    return { status: 429, headers: { 'retry-after': '30' } };
  });
  const transport = transportWith(60_000);
  const stop = new AbortController();
  const [first, second] = requests(2, server.url, { signal: stop.signal });
  if (!first || !second) throw new RangeError('no request');
  const one = transport(first);
  await until(() => asked === 1);
  const other = transport(second);
  stop.abort();
  await expect(one).rejects.toThrow();
  await expect(other).rejects.toThrow();
  expect(asked).toBe(1);
});

test.each<[string, readonly (readonly [number, number])[], readonly boolean[]]>([
  [
    'waiting',
    [
      [0, 600],
      [600, 1000],
      [1000, 1001],
    ],
    [true, true, false],
  ],
  [
    'waiting at the same time, once',
    [
      [0, 900],
      [100, 900],
      [0, 1000],
    ],
    [true, true, true],
  ],
  [
    'waiting, but not the time in between',
    [
      [0, 500],
      [9000, 9500],
      [9500, 9501],
    ],
    [true, true, false],
  ],
  [
    'no wait that exceeds it',
    [
      [0, 2000],
      [0, 1000],
    ],
    [false, true],
  ],
])('charges a budget of one second for %s', (_, spans, expected) => {
  const budget = budgetOf(1000);
  expect(spans.map(([from, to]) => budget.spend(from, to))).toEqual(expected);
});
