// Policy files that are rejected as a whole, and problems in several files.
import { describe, expect, test } from '@jest/globals';

import { policyWith, problemsOf, read } from './given.ts';

test('reports every problem with its line', async () => {
  const { policies, problems } = await read({
    'a.yaml': policyWith({ images: [{ glob: 'ghcr.io/acme/app' }], authorities: [{ static: {} }] }),
    'b.yaml': 'kind: Pod',
  });
  expect(policies).toBeUndefined();
  expect(problems.map(({ place }) => place)).toEqual([
    { file: 'a.yaml', line: 10 },
    { file: 'a.yaml', line: 15 },
    { file: 'b.yaml', line: 1 },
  ]);
});

describe('a file that is not read to its end', () => {
  test('is too large for a policy', async () =>
    expect(await problemsOf('x'.repeat(10 << 20))).toEqual([
      expect.stringContaining('10485760 bytes, over the limit of 1048576'),
    ]));

  test('has an alias that multiplies', async () => {
    const levels = Array.from({ length: 12 }, (_, level) =>
      level === 0
        ? 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'
        : `a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')}]`,
    );
    expect(await problemsOf(levels.join('\n'))).toEqual([
      expect.stringContaining('its aliases expand to over'),
    ]);
  });

  test('is nested too deeply', async () =>
    expect(await problemsOf('['.repeat(100_000))).toHaveLength(1));
});

test.each([['none.yaml'], ['*.yml'], ['../*.yaml']])(
  'reports that %s names no file',
  async (glob) => {
    const { policies, problems } = await read({ 'p.yaml': 'x' }, { globs: [glob] });
    expect(policies).toBeUndefined();
    expect(problems).toHaveLength(1);
  },
);
