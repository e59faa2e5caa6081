// The known differences from other verifiers match the documentation.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { knownDifferences } from './differences.ts';

const NAMES = {
  Countersign: 'Countersign',
  'sigstore (npm)': '`sigstore`',
  'cosign v3': 'cosign',
  'sigstore-python': 'sigstore-python',
} as const;

it('documents every known difference with its verifier and direction', () => {
  const documented = rowsOf('Differences from other verifiers').map(
    ([what, who]) => `${what ?? ''}: ${who ?? ''}`,
  );
  const known = Map.groupBy(knownDifferences, ({ what }) => what);
  const expected = [...known].map(([what, alike]) => {
    const who = [...new Set(alike.map(({ judge }) => NAMES[judge]))].join(', ');
    const ways = [...new Set(alike.map(({ refusal }) => (refusal ? 'stricter' : 'looser')))].join(
      ', ',
    );
    return `${what}: ${who}: ${ways}`;
  });
  expect(documented).toEqual(expected);
});

it('names no vector twice for one verifier, which would hide one of the reasons', () => {
  const named = knownDifferences.flatMap(({ judge, vectors }) =>
    vectors.map((vector) => `${judge}: ${vector}`),
  );
  expect(named).toEqual([...new Set(named)]);
});

/** The cells of the table below a heading. */
function rowsOf(heading: string): readonly (readonly string[])[] {
  const text = readFileSync(join(import.meta.dirname, '../../docs/verification.md'), 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(1).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
