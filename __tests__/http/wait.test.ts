// How long a request waits before it is sent again.
import { expect, test } from '@jest/globals';

import { waitBefore } from '../../src/http/wait.ts';

test.each([
  [0, 250],
  [2000, 2000],
  [3_600_000, 60_000],
])('waits as long as a server wants, from a quarter of a second to a minute: %i', (asked, wait) =>
  expect(waitBefore(1, asked)).toBe(wait),
);

test('waits longer after each attempt without Retry-After, up to half a minute', () => {
  const waits = [1, 2, 3, 4, 5, 6, 30].map((attempt) => waitBefore(attempt, undefined));
  for (const [index, wait] of waits.entries()) {
    const doubled = 2 ** Math.min(index + 1, 6);
    expect(wait).toBeGreaterThanOrEqual(doubled * 250);
    expect(wait).toBeLessThanOrEqual(doubled * 500);
  }
});
