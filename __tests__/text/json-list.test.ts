// A list streamed from a document in chunks, next to other data of any size and form.
import { describe, expect, test } from '@jest/globals';

import { type JsonListEnd, JsonListReader } from '../../src/text/json-list.ts';

interface Read extends JsonListEnd {
  readonly entries: readonly unknown[];
}

function read(text: string | Buffer, pieces = Infinity, entryLimit = 1000): Read {
  const entries: unknown[] = [];
  const onEntry = (json: Buffer): void => void entries.push(JSON.parse(json.toString()));
  const reader = new JsonListReader({ list: 'manifests', entryLimit, onEntry });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieces) reader.write(bytes.subarray(at, at + pieces));
  return { ...reader.end(), entries };
}

const tricky = {
  schemaVersion: 2,
  other: { manifests: [{ a: 1 }], mediaType: 'no', deep: [[[{ manifests: [{}] }]]] },
  text: 'a "quoted" \\ text with { [ ] } , : \\" and é 日本',
  mediaType: 'application/vnd.oci.image.index.v1+json',
  manifests: [
    { digest: 'a', annotations: { k: '}],{[' } },
    1,
    null,
    'text',
    [{ not: 'an entry' }],
    { digest: 'b\\', nested: { list: [1, { x: [] }] } },
    {},
  ],
  layers: [{ digest: 'c' }],
};

describe('the entries of the list', () => {
  const wanted = {
    entries: tricky.manifests.filter(
      (each) => typeof each === 'object' && each !== null && !Array.isArray(each),
    ),
    isWhole: true,
    hasList: true,
    tooLarge: 0,
    mediaType: tricky.mediaType,
  };

  test.each([Infinity, 1, 2, 3, 5, 7, 64])('are read in pieces of %d bytes', (pieces) => {
    expect(read(JSON.stringify(tricky), pieces)).toEqual(wanted);
    expect(read(JSON.stringify(tricky, null, 2), pieces)).toEqual(wanted);
  });

  test('are read from every list with the name', () => {
    expect(read('{"manifests":[{"a":1}],"manifests":[{"a":2}]}').entries).toEqual([
      { a: 1 },
      { a: 2 },
    ]);
  });

  test('can be absent', () => {
    const none = { entries: [], isWhole: true, tooLarge: 0 };
    expect(read('{"manifests":[]}')).toMatchObject(none);
    expect(read('{"manifests": null}')).toMatchObject(none);
  });

  test('are skipped if they are too large, in one piece or in many', () => {
    const text = JSON.stringify({ manifests: [{ a: 'x'.repeat(2000) }, { b: 1 }] });
    expect(read(text)).toMatchObject({ entries: [{ b: 1 }], tooLarge: 1, isWhole: true });
    expect(read(text, 10)).toMatchObject({ entries: [{ b: 1 }], tooLarge: 1, isWhole: true });
    expect(read(text, 10, 2008).entries).toHaveLength(2);
  });
});

describe('an incomplete document', () => {
  test.each([
    '',
    '   ',
    'null',
    '[]',
    '"manifests"',
    '<!doctype html>',
    '\u{feff}{"manifests":[]}',
    '{"manifests":[]',
    '{"manifests":[{"a":1',
    '{"manifests":[]}}',
    '{"manifests":[]} {}',
    '{"manifests":[]}x',
    '{"manifests":["a]}',
  ])('is detected: %j', (text) => {
    expect(read(text)).toMatchObject({ isWhole: false, entries: [] });
    expect(read(text, 1)).toMatchObject({ isWhole: false, entries: [] });
  });

  test('still returns the entries before its end', () => {
    expect(read('{"manifests":[{"a":1},{"b":')).toMatchObject({
      isWhole: false,
      entries: [{ a: 1 }],
    });
  });
});

test.each([
  '{"manifests":"a"}',
  '{"manifests":{}}',
  '{"Manifests":[]}',
  '{"x":{"manifests":[]}}',
  '{}',
])('detects a document without the list: %s', (text) => {
  expect(read(text)).toMatchObject({ isWhole: true, hasList: false, entries: [] });
});

test('reads thirty megabytes quickly and with little memory', () => {
  const entries = [{ a: 1 }];
  const reader = new JsonListReader({
    list: 'manifests',
    entryLimit: 1000,
    onEntry: (json) => void entries.push(JSON.parse(json.toString()) as { a: number }),
  });
  const junk = Buffer.from('{"a":"\\"\\\\","b":[{},{}]},'.repeat(2500));
  reader.write(Buffer.from('{"x":['));
  for (let written = 0; written < 30 << 20; written += junk.length) reader.write(junk);
  reader.write(Buffer.from('0],"manifests":[{"a":2}]}'));
  expect([reader.end().isWhole, entries]).toEqual([true, [{ a: 1 }, { a: 2 }]]);
});
