// Runs work for many items with limited concurrency.
import { expect, test } from '@jest/globals';

import { sideBySide } from '../../src/concurrency/side-by-side.ts';

test('returns results in order and runs at most the given number at once', async () => {
  let [under, most] = [0, 0];
  const results = await sideBySide([5, 4, 3, 2, 1, 0], 3, async (item) => {
    most = Math.max(most, (under += 1));
    await new Promise((resolve) => setTimeout(resolve, item * 3));
    under -= 1;
    return item * 10;
  });
  expect([results, most]).toEqual([[50, 40, 30, 20, 10, 0], 3]);
});

test('returns nothing for no items, and reports a failure', async () => {
  expect(await sideBySide([], 3, () => Promise.reject(new Error('never')))).toEqual([]);
  await expect(sideBySide([1, 2], 1, () => Promise.reject(new Error('broken')))).rejects.toThrow(
    'broken',
  );
});
