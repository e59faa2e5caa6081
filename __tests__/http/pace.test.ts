// A server that limits the rate of requests gets fewer, and none of them is lost.
import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test } from '@jest/globals';

import { budgetOf } from '../../src/http/budget.ts';
import type { HttpRequest } from '../../src/http/message.ts';
import { createTransport } from '../../src/http/transport.ts';
import { serve } from '../../lab/services/loopback.ts';
import { until } from '../../lab/services/until.ts';

const transportWith = (retryTimeout: number): ReturnType<typeof createTransport> =>
  createTransport({ retryTimeout, onRetry: () => undefined });

function requests(count: number, url: URL, rest: Partial<HttpRequest>): readonly HttpRequest[] {
  return Array.from({ length: count }, () => ({ method: 'GET', url, limit: 1000, ...rest }));
}

test('sends a server at most 32 requests with a body at once', async () => {
  let [open, most] = [0, 0];
  const server = await serve(async () => {
    most = Math.max(most, ++open);
    await sleep(50);
    open--;
    return { body: 'good' };
  });
  const writes = requests(100, server.url, { method: 'POST', body: Buffer.from('entry') });
  const answers = await Promise.all(writes.map(transportWith(0)));
  expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200));
  expect(most).toBe(32);
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
