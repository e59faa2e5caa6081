// docs/defaults.md is the table that the interop run expects.
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { expectedOf, verdictOf } from './case.ts';
import { cases } from './cases.ts';
import { renderCases } from './markdown.ts';

test('docs/defaults.md lists every case with the expected verdicts', async () => {
  const page = await readFile(path.join(import.meta.dirname, '../../../docs/defaults.md'), 'utf8');
  const table = renderCases(cases, (one, judge) => verdictOf(expectedOf(one, judge)));
  expect(page.split('\n').filter((line) => line.startsWith('|'))).toEqual(table.split('\n'));
});
