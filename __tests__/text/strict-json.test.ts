// Rejects JSON that two parsers could read differently, and accepts everything else.
import { describe, expect, test } from '@jest/globals';
import { parseStrictJson } from '../../src/text/strict-json.ts';

const parse = (text: string | Uint8Array): ReturnType<typeof parseStrictJson> =>
  parseStrictJson(typeof text === 'string' ? Buffer.from(text) : text);

describe('parseStrictJson() reads', () => {
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
  ])('%#', (text) => expect(parse(text)).toEqual({ value: JSON.parse(text) as unknown }));
});

describe('parseStrictJson() refuses', () => {
  test.each<[string, string | Uint8Array, RegExp]>([
    ['nothing', '', /not JSON/],
    ['a byte order mark', '\ufeff{}', /not JSON/],
    ['what comes behind', '{}{}', /not JSON/],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), /not UTF-8/],
    ['a key twice', '{"a":1,"a":2}', /"a" twice/],
    [
      'a key twice with other things between',
      '{"a":{"b":[1,{"c":"}"}]},"d":1, "a" :2}',
      /"a" twice/,
    ],
    ['a key twice, written differently', '{"payload":1,"p\\u0061yload":2}', /"payload" twice/],
    ['a prototype twice', '{"__proto__":1,"__proto__":2}', /"__proto__" twice/],
    ['an integer that is rounded', '{"a":9007199254740993}', /9007199254740993/],
    [
      'an integer that is rounded behind one that is not',
      '[123456789012345,1234567890123456789]',
      /1234567890123456789/,
    ],
    ['a number without end', '[1e999]', /1e999/],
    ['a key twice in the second of two objects', '[{"a":1},{"a":1,"a":1}]', /"a" twice/],
    ['a key twice, the first with members of its own', '{"a":{"b":1,"c":{}},"a":{}}', /"a" twice/],
    ['values without end', `[${'[],'.repeat(250_000)}1]`, /500000 values/],
    ['65 levels', `${'['.repeat(65)}${']'.repeat(65)}`, /64 levels/],
    ['levels without end', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`, /64 levels/],
  ])('%s', (_, text, problem) =>
    expect(parse(text)).toMatchObject({ problem: expect.stringMatching(problem) }),
  );

  test('more values than the caller has use for', () =>
    expect(parseStrictJson(Buffer.from('[1,2,3]'), 2)).toEqual({
      problem: 'it has more than 2 values',
      remedy: expect.any(String),
    }));

  test('quickly, whatever it is', () => {
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
