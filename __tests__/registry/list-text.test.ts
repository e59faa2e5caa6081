// The list as bytes: entries of others stay unchanged byte for byte.
import { describe, expect, test } from '@jest/globals';

import { EMPTY_LIST, entriesIn, entryOf, withInFront } from '../../src/registry/list-text.ts';

describe('entries of a list', () => {
  test.each<[string, string, readonly string[]]>([
    ['by their digest', '{"manifests":[{"digest":"a"},{"x":1,"digest":"b"}]}', ['a', 'b']],
    [
      'by their bytes if they have no digest',
      '{"manifests":[{ },{"digest":3}]}',
      ['{ }', '{"digest":3}'],
    ],
    ['only if they are objects', '{"manifests":["junk",null,[{}],{"digest":"a"}]}', ['a']],
    ['if there are none', '{ "manifests" : [ ] }', []],
    [
      'only in the list at the top level',
      '{"a":{"manifests":[{}]},"b":["manifests",[{}]],"manifests":[{"digest":"c","manifests":[{}]}]}',
      ['c'],
    ],
    [
      'with brackets, commas and quotes in their strings',
      '{"x":"],\\"","manifests":[{"digest":"a","x":"},]\\\\"},{"digest":"b\\",["}]}',
      ['a', 'b",['],
    ],
  ])('are identified %s', (_, text, expected) => {
    expect(entriesIn(Buffer.from(text)).map(({ key }) => key)).toEqual(expected);
  });
});

describe('new entries', () => {
  const entry = entryOf({ digest: 'ü' });

  test('create a list if there is none', () => {
    expect(withInFront(EMPTY_LIST, [entry, entryOf({ digest: 'b' })])?.toString()).toBe(
      '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"digest":"ü"},{"digest":"b"}]}',
    );
  });

  test('are added before all others and change no byte of them', () => {
    const before = Buffer.from(
      ' {"x":["manifests",[]],"y":{"manifests":[]},"z":"],\\"[","manifests" :[',
      'latin1',
    );
    const after = Buffer.from(
      '\n {"n":1.50e1,"digest":"\\u0061","bad":"\xff"} , 3, []]}\n',
      'latin1',
    );
    expect(withInFront(Buffer.concat([before, after]), [entry])).toEqual(
      Buffer.concat([before, Buffer.from('{"digest":"ü"},'), after]),
    );
  });

  test('need no comma in an empty list', () => {
    expect(withInFront(Buffer.from('{"manifests":[ ]}'), [entry])?.toString()).toBe(
      '{"manifests":[{"digest":"ü"} ]}',
    );
  });

  test('change nothing if there are none', () => {
    const list = Buffer.from('{"manifests":[1]}');
    expect(withInFront(list, [])).toEqual(list);
  });

  test.each(['{"manifests":null}', '{"a":[[]],"x":{"manifests":[]}}', '{"\\u006danifests":[]}'])(
    'cannot be added to %s',
    (list) => {
      expect(withInFront(Buffer.from(list), [entry])).toBeUndefined();
    },
  );
});
