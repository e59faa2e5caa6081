// The errors a user can act on, from anything that was thrown.
import { readFile } from 'node:fs/promises';

import { describe, expect, test } from '@jest/globals';

import {
  ActionError,
  ActionErrors,
  actionErrorsOf,
  allOrProblems,
  codeOf,
  messageOf,
  settle,
} from '../src/errors.ts';

const problem = (message: string): ActionError =>
  new ActionError('input', 'INPUT_INVALID', { message, remedy: 'do better' });

describe('a thrown value', () => {
  test('is returned unchanged if it is an ActionError', () => {
    const [a, b] = [problem('a'), problem('b')];
    expect(actionErrorsOf(a)).toEqual([a]);
    expect(actionErrorsOf(new ActionErrors([a, b]))).toEqual([a, b]);
    expect(new ActionErrors([a, b]).message).toBe('a\nb');
  });

  test.each([
    [new TypeError('x is not a function'), 'Cannot continue: TypeError: x is not a function'],
    ['text', 'Cannot continue: text'],
    [undefined, 'Cannot continue: undefined'],
  ])('becomes a bug report otherwise: %s', (thrown, message) => {
    expect(actionErrorsOf(thrown)).toMatchObject([
      {
        kind: 'bug',
        code: 'BUG',
        message,
        cause: thrown,
        remedy: expect.stringContaining('report it'),
      },
    ]);
  });
});

test('has a message and a code, even from another realm', async () => {
  const { code, message } = Object.assign(new Error('gone'), { code: 'ENOENT' });
  expect([messageOf(new Error('gone')), messageOf('text'), messageOf(undefined)]).toEqual([
    message,
    'text',
    'undefined',
  ]);
  expect([
    codeOf(Object.assign(new Error('gone'), { code })),
    codeOf(Object.assign(new Error('gone'), { code: 7 })),
    codeOf(new Error('gone')),
    codeOf({ code }),
  ]).toEqual([code, undefined, undefined, undefined]);
  // Node's own errors are from another realm than a test's.
  const foreign: unknown = await readFile('/nonexistent').catch((error: unknown) => error);
  expect([messageOf(foreign), codeOf(foreign)]).toEqual([
    expect.stringContaining('no such file'),
    'ENOENT',
  ]);
});

describe('concurrent work', () => {
  test('returns all values in order', async () => {
    await expect(
      allOrProblems([Promise.resolve(1), Promise.resolve('b')] as const),
    ).resolves.toEqual([1, 'b']);
  });

  test('reports all problems, including nested groups, after everything has ended', async () => {
    let ended = false;
    const slow = new Promise<void>((resolve) => setTimeout(() => resolve(), 20)).then(() => {
      ended = true;
    });
    const nested = allOrProblems([Promise.reject(problem('b')), Promise.reject(problem('c'))]);
    const thrown: unknown = await allOrProblems([Promise.reject(problem('a')), nested, slow]).catch(
      (error: unknown) => error,
    );
    expect(actionErrorsOf(thrown).map(({ message }) => message)).toEqual(['a', 'b', 'c']);
    expect(ended).toBe(true);
  });

  test('returns the values of the successful ones and the problems of the others', async () => {
    const { values, failures } = await settle([
      Promise.resolve(1),
      Promise.reject(problem('a')),
      Promise.resolve(2),
      Promise.reject(new Error('b')),
    ]);
    expect(values).toEqual([1, 2]);
    expect(failures.map(({ code }) => code)).toEqual(['INPUT_INVALID', 'BUG']);
  });
});
