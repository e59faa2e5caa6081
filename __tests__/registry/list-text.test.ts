// The list as bytes: what others have written in it stays byte for byte.
import { describe, expect, test } from '@jest/globals';

import { entriesIn, entryOf, withInFront } from '../../src/registry/list-text.ts';

const keys = (text: string): readonly string[] =>
  entriesIn(Buffer.from(text)).map(({ key }) => key);

describe('entries', () => {
  test.each<[string, string, readonly string[]]>([
    ['by their digest', '{"manifests":[{"digest":"a"},{"x":1,"digest":"b"}]}', ['a', 'b']],
    [
      'by themselves where they have none',
      '{"manifests":["junk",null, [1,{"a":2}] ,{"digest":3}]}',
      ['"junk"', 'null', '[1,{"a":2}]', '{"digest":3}'],
    ],
    ['none', '{ "manifests" : [ ] }', []],
    [
      'of the list at the top alone',
      '{"a":{"manifests":[1]},"b":["manifests",[2]],"manifests":[{"digest":"c","manifests":[3]}]}',
      ['c'],
    ],
    ['of the last list with that name, as parsers do', '{"manifests":[1],"manifests":[2]}', ['2']],
    ['of a list whose name is escaped', '{"\\u006danifests":[1]}', ['1']],
    [
      'with brackets, commas and quotes in their strings',
      '{"x":"],\\"","manifests":[{"digest":"a","x":"},]\\\\"},{"digest":"b\\",["}]}',
      ['a', 'b",['],
    ],
    ['of two, of which the first is a value', '{"manifests":5,"x":[1],"manifests":[2]}', ['2']],
  ])('are told apart %s', (_, text, expected) => {
    expect(keys(text)).toEqual(expected);
    expect(keys(text)).toHaveLength(
      (JSON.parse(text) as { manifests: readonly unknown[] }).manifests.length,
    );
  });
});

describe('new entries', () => {
  const entry = entryOf({ digest: 'ü' });

  test('make a list where there is none', () => {
    expect(withInFront(undefined, [entry, entryOf({ digest: 'b' })]).toString()).toBe(
      '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"digest":"ü"},{"digest":"b"}]}',
    );
  });

  test('go before all others, and change no byte of them', () => {
    const before = Buffer.from(' {"manifests" :[', 'latin1');
    const after = Buffer.from(
      '\n {"n":1.50e1,"digest":"\\u0061", "digest":"z","bad":"\xff"} , 12345678901234567890]}\n',
      'latin1',
    );
    expect(withInFront(Buffer.concat([before, after]), [entry])).toEqual(
      Buffer.concat([before, Buffer.from('{"digest":"ü"},'), after]),
    );
  });

  test('in an empty list need no comma', () => {
    expect(withInFront(Buffer.from('{"manifests":[ ]}'), [entry]).toString()).toBe(
      '{"manifests":[{"digest":"ü"} ]}',
    );
  });

  test('that are none change nothing', () => {
    const list = Buffer.from('{"manifests":[1]}');
    expect(withInFront(list, [])).toEqual(list);
  });
});
