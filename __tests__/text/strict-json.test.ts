// Rejects JSON that two parsers could read differently, and accepts everything else.
import { describe, expect, test } from '@jest/globals';
import { parseStrictJson } from '../../src/text/strict-json.ts';

const parse = (text: string | Uint8Array): ReturnType<typeof parseStrictJson> =>
  parseStrictJson(typeof text === 'string' ? Buffer.from(text) : text);

describe('accepted JSON', () => {
  test.each([
    '{}',
    '[]',
    'null',
    '"a"',
    '-1.5e3',
    '9007199254740991',
    '{"a":{"a":{"a":[]}},"b":[{"a":1},{"a":2}]}',
    '{"a":"\\"a\\":","b":"{\\"a\\":1,\\"a\\":2}"}',
    ' { "a" : 1 , "b" : "\\\\" } ',
    `{"a":"${'x'.repeat(1 << 24)}"}`,
    `"${'\\\\'.repeat(1 << 23)}"`,
    '[-0,123456789012345,0.1e-400,1E5]',
    `${'['.repeat(64)}${']'.repeat(64)}`,
    '{"é":1,"e\u0301":2}',
  ])('is parsed: %#', (text) =>
    expect(parse(text)).toEqual({ value: JSON.parse(text) as unknown }),
  );
});

describe('rejected JSON', () => {
  test.each<[string, string | Uint8Array, RegExp]>([
    ['nothing', '', /not JSON/],
    ['a byte order mark', '\ufeff{}', /not JSON/],
    ['text after the value', '{}{}', /not JSON/],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), /not UTF-8/],
    ['a duplicate key', '{"a":1,"a":2}', /"a" twice/],
    [
      'a duplicate key with others in between',
      '{"a":{"b":[1,{"c":"}"}]},"d":1, "a" :2}',
      /"a" twice/,
    ],
    [
      'a duplicate key in a different spelling',
      '{"payload":1,"p\\u0061yload":2}',
      /"payload" twice/,
    ],
    ['a duplicate __proto__', '{"__proto__":1,"__proto__":2}', /"__proto__" twice/],
    ['an integer that would be rounded', '{"a":9007199254740993}', /9007199254740993/],
    [
      'an integer that would be rounded after one that would not',
      '[123456789012345,1234567890123456789]',
      /1234567890123456789/,
    ],
    ['a very long number', '[1e999]', /1e999/],
    ['a duplicate key in the second of two objects', '[{"a":1},{"a":1,"a":1}]', /"a" twice/],
    ['a duplicate key whose first value has members', '{"a":{"b":1,"c":{}},"a":{}}', /"a" twice/],
    ['too many values', `[${'[],'.repeat(250_000)}1]`, /500000 values/],
    ['65 levels', `${'['.repeat(65)}${']'.repeat(65)}`, /64 levels/],
    ['very deep nesting', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`, /64 levels/],
  ])('is rejected: %s', (_, text, problem) =>
    expect(parse(text)).toMatchObject({ problem: expect.stringMatching(problem) }),
  );

  test('has more values than the caller allows', () =>
    expect(parseStrictJson(Buffer.from('[1,2,3]'), 2)).toEqual({
      problem: 'it has more than 2 values',
      remedy: expect.any(String),
    }));

  test('is rejected quickly', () => {
    const started = performance.now();
    for (const text of [
      `{"a":"${'\\\\'.repeat(1 << 19)}"}`,
      `[${'"a",'.repeat(1 << 17)}1]`,
      `{${Array.from({ length: 1 << 16 }, (_, index) => `"k${index}":0`).join()}}`,
    ])
      parse(text);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
