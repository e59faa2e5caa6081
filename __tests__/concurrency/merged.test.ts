// Merges several streams in order of arrival, reports idle times, and ends all of them together.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';

import { until } from '../../lab/services/until.ts';
import { IDLE, merged } from '../../src/concurrency/merged.ts';

const ended: string[] = [];

async function* stream(name: string, ...waits: readonly number[]): AsyncGenerator<string> {
  try {
    for (const [index, wait] of waits.entries()) {
      await sleep(wait);
      yield `${name}${index}`;
    }
  } finally {
    ended.push(name);
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

test('yields items in the order of arrival', async () => {
  const fast = Promise.withResolvers<undefined>();
  const slow = async function* (): AsyncGenerator<string> {
    await fast.promise;
    yield 'slow0';
  };
  const seen: unknown[] = [];
  for await (const item of merged([slow(), stream('fast', 0, 0), stream('empty')], 60_000)) {
    seen.push(item);
    if (item === 'fast1') fast.resolve(undefined);
  }
  expect(seen).toEqual(['fast0', 'fast1', 'slow0']);
  expect(await all(merged([], 10_000))).toEqual([]);
});

test('reports when nothing has arrived for a while', async () => {
  const seen = await all(merged([stream('slow', 0, 3000)], 1000));
  expect([seen[0], seen.at(-1)]).toEqual(['slow0', 'slow1']);
  expect(seen).toContain(IDLE);
});

test('ends the other streams when the caller stops', async () => {
  ended.length = 0;
  for await (const item of merged([stream('a', 0, 0, 0), stream('b', 5, 5, 5)], 10_000)) {
    if (item === 'b0') break;
  }
  await until(() => ended.length === 2);
  expect(ended.sort()).toEqual(['a', 'b']);
});

test('throws the error of a stream', async () => {
  const broken: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new RangeError('broken')) }),
  };
  await expect(all(merged([stream('a', 0), broken], 10_000))).rejects.toThrow('broken');
});
