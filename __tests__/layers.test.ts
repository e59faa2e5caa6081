// The layers of lab/ match docs/ARCHITECTURE.md, files of lab/ and __tests__/ are short, and violations would be detected.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { lengthOf, type Source } from './architecture/check.ts';
import { labRoomOf, readLayers, sharedWithProduct, wrongLayersIn } from './architecture/layers.ts';

const PROJECT = path.join(import.meta.dirname, '..');
const layers = readLayers(await readFile(path.join(PROJECT, 'docs/ARCHITECTURE.md'), 'utf8'));
const sources = await readSources('lab');

async function readSources(room: 'lab' | '__tests__'): Promise<readonly Source[]> {
  const names = await readdir(path.join(PROJECT, room), { recursive: true });
  const files = names.filter((name) => name.endsWith('.ts')).map((name) => `${room}/${name}`);
  return Promise.all(
    files.map(async (file) => ({ file, text: await readFile(path.join(PROJECT, file), 'utf8') })),
  );
}

test('each room of lab/ has a row in the table', () => {
  const rooms = new Set(sources.map(({ file }) => labRoomOf(file)));
  expect([...rooms].sort()).toEqual([...layers].sort());
});

test('each room imports only rooms above it', () => {
  expect(wrongLayersIn(sources, layers)).toEqual([]);
});

test.each([
  ["import { a } from '../vectors/a.ts';", 'lab/stack/b.ts imports lab/vectors/a.ts'],
  ["import type { A } from '../bench/a.ts';", 'lab/stack/b.ts imports lab/bench/a.ts'],
  ["export { a } from '../../__tests__/a.ts';", 'lab/stack/b.ts imports __tests__/a.ts'],
])('detects a room with %s', (text, violation) => {
  expect(wrongLayersIn([{ file: 'lab/stack/b.ts', text }], layers)).toEqual([violation]);
});

test('the code that creates bundles imports neither src/ nor a library', () => {
  const others = new Set(['lab/bundles/evidence.ts', 'lab/bundles/instance.ts']);
  const makers = sources.filter(({ file }) => labRoomOf(file) === 'bundles' && !others.has(file));
  expect(makers.map(({ file }) => file)).toContain('lab/bundles/compose.ts');
  expect(makers.flatMap(sharedWithProduct)).toEqual([]);
});

test.each([
  ["import type { A } from '../../src/a.ts';", 'lab/bundles/b.ts imports src/a.ts'],
  ["import { a } from '@sigstore/sign';", 'lab/bundles/b.ts imports @sigstore/sign'],
])('detects %s in the code that creates bundles', (text, violation) => {
  expect(sharedWithProduct({ file: 'lab/bundles/b.ts', text })).toEqual([violation]);
});

test('no file of lab/ or __tests__/ has more than 250 lines', async () => {
  const all = [...sources, ...(await readSources('__tests__'))];
  expect(all.map(({ file }) => file)).toContain('__tests__/layers.test.ts');
  expect(all.flatMap(lengthOf)).toEqual([]);
});

test.each([
  [250, []],
  [251, ['lab/a.ts has 251 lines']],
])('detects a file of %i lines: %j', (lines, violations) => {
  expect(lengthOf({ file: 'lab/a.ts', text: 'x();\n'.repeat(lines) })).toEqual(violations);
});
