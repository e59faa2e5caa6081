// The allowed predicates of a statement: our own verifier can read them, and every store accepts them.
import { describe, expect, test } from '@jest/globals';

import { isNonEmpty } from '../../src/model/non-empty.ts';
import { parseStatement, serializeStatement } from '../../src/model/statement.ts';
import type { Subject } from '../../src/model/subject.ts';
import {
  documentStatement,
  parsePredicate,
  PREDICATE_LIMIT,
} from '../../src/predicates/document.ts';
import type { Parsed } from '../../src/text/parsed.ts';

const TYPE = 'https://acme.example/scan/v1';

const parse = (text: string): Parsed<Readonly<Record<string, unknown>>> =>
  parsePredicate(Buffer.from(text));

/** A statement with the maximum number of subjects. */
function statementWith(text: string): Parsed<unknown> {
  const parsed = parse(text);
  if ('problem' in parsed) throw new Error(parsed.problem);
  const subjects = Array.from({ length: 1024 }, (_, index): Subject => ({
    repository: { registry: 'ghcr.io', path: 'acme/app' },
    digest: `sha256:${index.toString(16).padStart(64, '0')}`,
  }));
  if (!isNonEmpty(subjects)) throw new RangeError('no subjects');
  const makeStatement = documentStatement({ predicateType: TYPE, predicate: parsed.value });
  return parseStatement(serializeStatement(makeStatement(subjects, {} as never)));
}

test('returns the document unchanged as predicate', () => {
  const predicate = { b: [1, null], a: { __proto__: null, ü: '<&>' } };
  expect(parse(` ${JSON.stringify(predicate)}\n`)).toEqual({ value: predicate });
});

test.each([
  ['a list', '[{}]', 'it is a JSON list, not an object'],
  ['a number', '7', 'it is a single JSON value, not an object'],
  ['null', 'null', 'it is a single JSON value, not an object'],
  ['nothing', '', 'it is empty'],
  ['two documents in a row', '{"a":1}\n{"b":2}', 'it is not JSON'],
  ['two documents with a comma', '{"a":1},{"b":2}', 'it is not JSON'],
  ['text that closes a list and opens another', '{"a":1}],[{"b":2}', 'it is not JSON'],
  ['a number that parsers round', '{"a":9007199254740993}', 'it has the number 9007199254740993'],
  ['text in UTF-16', `\ufeff{}`, 'byte order mark'],
  ['YAML', 'a: 1', 'it is YAML'],
])('rejects %s', (_, text, problem) => {
  expect(parse(text)).toMatchObject({ problem: expect.stringContaining(problem) });
});

describe('a document at a limit', () => {
  const deep = (levels: number): string =>
    `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;
  const wide = (values: number): string => `{"a":[${'1,'.repeat(values - 3)}1]}`;
  const long = (bytes: number): string => `{ "a" : "${'x'.repeat(bytes - 8)}" }`;

  test.each([
    ['the maximum depth', deep(63)],
    ['the maximum width', wide(490_000)],
    ['the maximum length', long(PREDICATE_LIMIT)],
  ])('is read in a statement: %s', (_, text) => {
    expect(statementWith(text)).toHaveProperty('value');
  });

  test.each([
    ['deeper', deep(64), 'it is nested more than 64 levels deep'],
    ['wider', wide(490_001), 'it has more than 490000 values'],
    [
      'longer',
      long(PREDICATE_LIMIT + 1),
      'it has 11534337 bytes without white space, over the limit of 11534336',
    ],
  ])('is rejected beyond it: %s', (_, text, problem) => {
    expect(parse(text)).toMatchObject({ problem: expect.stringContaining(problem) });
  });
});
