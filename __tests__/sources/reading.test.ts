// Parallel candidates: small ones first, slow ones do not block, and limits on memory and total size hold.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';

import { ActionError } from '../../src/errors.ts';
import type { FoundBundle } from '../../src/model/found.ts';
import { type Memory, type Read, Reading, type ReadingLimits } from '../../src/sources/reading.ts';
import { collect } from './collect.ts';

const never = new AbortController().signal;

function bundle(place: string): { readonly found: FoundBundle } {
  return { found: { source: 'registry', place, json: Buffer.alloc(0) } };
}

function open(limits: Partial<ReadingLimits> = {}, memory: Memory = { used: 0 }): Reading {
  return new Reading(memory, never, limits);
}

const read =
  (name: string, size: number, begun: string[] = []): Read =>
  async (_, onBytes) => {
    begun.push(name);
    await sleep(5);
    onBytes(size);
    return bundle(name);
  };

const hang: Read = (signal) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));

async function placesOf(reading: Reading): Promise<readonly string[]> {
  return (await collect(reading)).found.map(({ place }) => place);
}

test('reads the smallest candidate first and yields concurrent reads in that order', async () => {
  const begun: string[] = [];
  const reading = open({ width: 1 });
  for (const size of [10, 500, 20, 300]) reading.add(size, read(String(size), size, begun));
  reading.end();
  await placesOf(reading);
  expect(begun).toEqual(['10', '20', '300', '500']);
});

test('limits concurrent reads', async () => {
  let [active, most] = [0, 0];
  const reading = open({ width: 3 });
  for (let count = 0; count < 20; count++) {
    reading.add(1, async () => {
      most = Math.max(most, ++active);
      await sleep(2);
      active--;
      return bundle('x');
    });
  }
  reading.end();
  expect([await placesOf(reading), most]).toEqual([Array.from({ length: 20 }, () => 'x'), 3]);
});

test('is not blocked by a hanging candidate, which ends with the reading', async () => {
  const reading = open({ width: 2, patience: 100 });
  for (let count = 0; count < 6; count++) reading.add(1, hang);
  reading.add(1, read('good', 1));
  reading.end();
  for await (const discovery of reading) {
    expect(discovery).toMatchObject({ found: { place: 'good' } });
    break;
  }
});

test('is not blocked by a slow candidate', async () => {
  const drip: Read = async (signal, onBytes) => {
    while (!signal.aborted) {
      onBytes(1);
      await sleep(20);
    }
    throw new Error('stopped');
  };
  const reading = open({ width: 1, patience: 100 });
  reading.add(1, drip);
  reading.add(2, read('good', 2));
  reading.end();
  for await (const discovery of reading) {
    expect(discovery).toMatchObject({ found: { place: 'good' } });
    break;
  }
});

describe('large candidates', () => {
  const limits = { small: 10, memory: 100, total: 1000 };

  test('wait for memory, and for smaller ones', async () => {
    const begun: string[] = [];
    const memory = { used: 0 };
    const reading = open(limits, memory);
    reading.add(5, async () => {
      await sleep(30);
      reading.add(20, read('brought', 20, begun));
      return undefined;
    });
    for (const name of ['a', 'b', 'c']) reading.add(60, read(name, 60, begun));
    reading.end();
    let most = 0;
    for await (const discovery of reading) {
      expect(discovery).toHaveProperty('found');
      most = Math.max(most, memory.used);
    }
    expect(begun[0]).toBe('brought');
    expect(most).toBeLessThanOrEqual(100);
    expect(memory.used).toBe(0);
  });

  test('are charged for the bytes that arrive, not for the size they claim', async () => {
    const reading = open(limits);
    for (let count = 0; count < 30; count++) reading.add(90, read(String(count), 1));
    reading.end();
    expect(await collect(reading)).toMatchObject({ found: { length: 30 }, failures: [] });
  });

  test('are skipped over the total limit and reported', async () => {
    const reading = open(limits);
    for (let count = 0; count < 30; count++) reading.add(90, read(String(count), 90));
    reading.add(5, read('small', 5));
    reading.end();
    const { found, failures } = await collect(reading);
    expect(found.map(({ place }) => place)).toContain('small');
    expect(found).toHaveLength(12);
    expect(failures).toMatchObject([
      {
        code: 'LIMIT_EXCEEDED',
        message: expect.stringMatching(/^Cannot read every candidate: 19 of them/),
      },
    ]);
  });

  test('are given up over twice the memory if all arrive at once', async () => {
    const reading = open({ ...limits, patience: 50, width: 1 });
    const everybody = Promise.withResolvers<undefined>();
    let begun = 0;
    const late: Read = async (signal, onBytes) => {
      if (++begun === 5) everybody.resolve(undefined);
      await everybody.promise;
      for (let count = 0; count < 9; count++) {
        onBytes(10);
        await sleep(1);
        signal.throwIfAborted();
      }
      return bundle('late');
    };
    for (let count = 0; count < 5; count++) reading.add(90, late);
    reading.end();
    const { found, failures } = await collect(reading);
    expect(found.length + failures.length).toBe(5);
    expect(failures.length).toBeGreaterThan(0);
    expect(failures[0]?.message).toMatch(/too many large ones arrived at the same time/);
  });
});

test('reports failures as outcomes and releases their memory', async () => {
  const memory = { used: 0 };
  const reading = open({}, memory);
  reading.add(1, async (_, onBytes) => {
    onBytes(7);
    await sleep(1);
    throw new ActionError('service', 'SERVICE_ANSWER', { message: 'm', remedy: 'r' });
  });
  reading.put({ looked: { place: 'p', answer: 'a' } });
  reading.end();
  expect(await collect(reading)).toMatchObject({ looked: [{}], failures: [{ message: 'm' }] });
  expect(memory.used).toBe(0);
});
