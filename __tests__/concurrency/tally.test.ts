// Counts are said now and then.
import { setTimeout as sleep } from 'node:timers/promises';

import { expect, test } from '@jest/globals';

import { tally } from '../../src/concurrency/tally.ts';

test('says one count in a while, none of a step that is short, and not the last', async () => {
  const said: string[] = [];
  const count = tally((done, of) => said.push(`${done} of ${of}`), 50);
  for (const done of [1, 2]) count(done, 6);
  expect(said).toEqual([]);
  await sleep(60);
  for (const done of [3, 4]) count(done, 6);
  await sleep(60);
  count(5, 6);
  await sleep(60);
  count(6, 6);
  expect(said).toEqual(['3 of 6', '5 of 6']);
});
