// In-toto statements: written by us, and parsed from untrusted payloads.
import { describe, expect, test } from '@jest/globals';

import type { Parsed } from '../../src/text/parsed.ts';
import {
  isAbout,
  parseStatement,
  serializeStatement,
  type Statement,
} from '../../src/model/statement.ts';

const HEX = 'ab'.repeat(32);
const TYPE = 'https://slsa.dev/provenance/v1';
const good = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'app', digest: { sha256: HEX } }],
  predicateType: TYPE,
  predicate: { a: 1 },
};

const parse = (value: unknown): Parsed<Statement> =>
  parseStatement(Buffer.from(JSON.stringify(value)));

describe('parsing', () => {
  test('reads a statement', () => {
    expect(parse(good)).toEqual({
      value: { subject: good.subject, predicateType: TYPE, predicate: { a: 1 } },
    });
  });

  test('reads the older type, a missing predicate and extra fields', () => {
    const { predicate, ...bare } = {
      ...good,
      _type: 'https://in-toto.io/Statement/v0.1',
      extra: true,
    };
    expect(predicate).toBeDefined();
    expect(parse(bare)).toMatchObject({ value: { predicate: {} } });
    expect(parse(bare)).not.toHaveProperty('value.extra');
  });

  test('keeps only text in digests and only objects in annotations', () => {
    const subject = [
      { name: 7, digest: { sha256: HEX, sha512: 5 }, annotations: 'x' },
      { digest: { sha1: 'y' }, annotations: { z: 1 } },
    ];
    expect(parse({ ...good, subject })).toEqual({
      value: {
        subject: [{ digest: { sha256: HEX } }, { digest: { sha1: 'y' }, annotations: { z: 1 } }],
        predicateType: TYPE,
        predicate: { a: 1 },
      },
    });
  });

  test.each([
    ['JSON that is not an object', [], 'not a JSON object'],
    ['another type', { ...good, _type: 'https://in-toto.io/Statement/v2' }, '_type'],
    ['no type', { ...good, _type: undefined }, '_type'],
    ['no predicate type', { ...good, predicateType: undefined }, 'no predicateType'],
    ['an empty predicate type', { ...good, predicateType: '' }, 'no predicateType'],
    ['a predicate type that is not text', { ...good, predicateType: [TYPE] }, 'no predicateType'],
    ['a predicate that is not an object', { ...good, predicate: [] }, 'predicate is not'],
    ['no subject', { ...good, subject: undefined }, 'no list of subjects'],
    ['an empty list of subjects', { ...good, subject: [] }, 'no digest'],
    ['a subject that is not an object', { ...good, subject: [null] }, 'no digest'],
    ['a subject without a digest', { ...good, subject: [{ name: 'app' }] }, 'no digest'],
    [
      'a valid subject next to one without a digest',
      { ...good, subject: [...good.subject, { digest: {} }] },
      'no digest',
    ],
    ['digests that are not text', { ...good, subject: [{ digest: { sha256: 5 } }] }, 'no digest'],
  ])('rejects %s', (_, value, problem) => {
    expect(parse(value)).toMatchObject({ problem: expect.stringContaining(problem) });
  });

  test.each([
    ['nothing', ''],
    ['text that is not JSON', '{'],
    ['a byte order mark', `\ufeff${JSON.stringify(good)}`],
    ['bytes that are not UTF-8', '\ud800'],
  ])('rejects %s', (_, text) => {
    expect(parseStatement(Buffer.from(text))).toMatchObject({
      problem: expect.stringContaining('is not JSON'),
    });
  });
});

describe('writing', () => {
  const statement: Statement = {
    predicate: { b: 2 },
    predicateType: TYPE,
    subject: [{ name: 'app', digest: { sha256: HEX } }],
  };

  test('produces compact JSON in the order of the specification', () => {
    expect(serializeStatement(statement).toString()).toBe(
      `{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"app","digest":{"sha256":"${HEX}"}}],"predicateType":"${TYPE}","predicate":{"b":2}}`,
    );
  });

  test('produces what the parser reads', () =>
    expect(parseStatement(serializeStatement(statement))).toEqual({ value: statement }));
});

describe('a statement', () => {
  const about = (digests: Readonly<Record<string, string>>): boolean =>
    isAbout(
      {
        subject: [{ digest: { sha256: 'cd'.repeat(32) } }, { digest: digests }],
        predicateType: TYPE,
        predicate: {},
      },
      `sha256:${HEX}`,
    );

  test('is for a digest if any subject has it', () => expect(about({ sha256: HEX })).toBe(true));

  test.each([
    [{ sha256: HEX.toUpperCase() }],
    [{ sha256: HEX.slice(0, 32) }],
    [{ sha256: `${HEX}00` }],
    [{ sha256: `sha256:${HEX}` }],
    [{ sha512: HEX }],
    [{ gitCommit: HEX }],
    [{ SHA256: HEX }],
  ])('is not for a digest with %j', (digests) => expect(about(digests)).toBe(false));
});
