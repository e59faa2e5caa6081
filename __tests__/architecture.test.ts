// The imports of src/ match the table in docs/ARCHITECTURE.md, and violations would be detected.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { readTable, roomOf, type Source, violationsIn } from './architecture/check.ts';

const PROJECT = path.join(import.meta.dirname, '..');
const page = await readFile(path.join(PROJECT, 'docs/ARCHITECTURE.md'), 'utf8');
const table = readTable(page);

async function readSources(): Promise<readonly Source[]> {
  const files = await readdir(path.join(PROJECT, 'src'), { recursive: true });
  return Promise.all(
    files
      .filter((file) => file.endsWith('.ts'))
      .map(async (file) => ({
        file,
        text: await readFile(path.join(PROJECT, 'src', file), 'utf8'),
      })),
  );
}

const sources = await readSources();

test('the files of src/ have only the imports in the table', () =>
  expect(violationsIn(sources, table)).toEqual([]));

test('the table has a row for every room and no other row', () => {
  expect([...table.keys()].sort()).toEqual(
    [...new Set(sources.map(({ file }) => roomOf(file)))].sort(),
  );
  const named = [...table.values()].flatMap(({ values, types }) => [
    ...(values === 'everything' ? [] : values),
    ...types,
  ]);
  expect(named.filter((room) => !table.has(room))).toEqual([]);
});

test('every file that the page names exists', () => {
  const named = [...page.matchAll(/`([\w-]+(?:\/[\w-]+)*\/[\w-]+\.ts)`/g)].map(
    ([, name = '']) => name,
  );
  expect(named.length).toBeGreaterThan(30);
  const isThere = (name: string): boolean =>
    [name, `src/${name}`].some((file) => existsSync(path.join(PROJECT, file)));
  expect(named.filter((name) => !isThere(name))).toEqual([]);
});

describe('a violation of the import rules', () => {
  const lines = (count: number): string => 'x();\n'.repeat(count);

  test.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'a model file imports another room',
      { 'model/a.ts': "import { b } from '../http/transport.ts';" },
      'model/a.ts imports http/transport.ts',
    ],
    [
      'a model file imports a type',
      { 'model/a.ts': "import type { B } from '../policy/b.ts';" },
      'model/a.ts imports types of policy/b.ts',
    ],
    [
      'policy imports the network',
      { 'policy/a.ts': "import { b } from '../registry/b.ts';" },
      'policy/a.ts imports registry/b.ts',
    ],
    [
      'a use case creates its services',
      { 'sign.ts': "import { b } from './stores/index.ts';" },
      'sign.ts imports stores/index.ts',
    ],
    [
      'a use case imports a module instead of its types',
      { 'verify.ts': "import { type B } from './sources/source.ts';" },
      'verify.ts imports sources/source.ts',
    ],
    [
      'a module is imported for its side effect',
      { 'report/a.ts': "import '../http/transport.ts';" },
      'report/a.ts imports http/transport.ts',
    ],
    [
      'a module is imported dynamically',
      { 'report/a.ts': "const b = await import('../github/b.ts');" },
      'report/a.ts imports github/b.ts',
    ],
    [
      'an import has a computed name',
      { 'report/a.ts': 'const b = await import(name);' },
      'report/a.ts imports (computed)',
    ],
    [
      'a module is re-exported',
      { 'model/a.ts': "export { b } from '../errors.ts';" },
      'model/a.ts imports errors.ts',
    ],
    [
      'a type is imported inline',
      { 'http/a.ts': "type B = import('../model/b.ts').B;" },
      'http/a.ts imports types of model/b.ts',
    ],
    [
      'the process is imported',
      { 'report/a.ts': "import { main } from '../main.ts';" },
      'report/a.ts imports main.ts',
    ],
    [
      'a room is not in the table',
      { 'utils/a.ts': "import { b } from '../errors.ts';" },
      'utils is not in the table',
    ],
    [
      '@actions/core is imported outside action',
      { 'report/a.ts': "import { info } from '@actions/core';" },
      'report/a.ts imports @actions/core',
    ],
    [
      '@sigstore is imported outside sigstore, even as a type',
      { 'verify.ts': "import type { B } from '@sigstore/verify';" },
      'verify.ts imports @sigstore/verify',
    ],
    [
      'the clients of @sigstore/sign are loaded',
      { 'sigstore/a.ts': "import { FulcioSigner } from '@sigstore/sign';" },
      'sigstore/a.ts loads @sigstore/sign',
    ],
    [
      'tuf-js is imported outside sigstore',
      { 'wiring/a.ts': "import { Updater } from 'tuf-js';" },
      'wiring/a.ts imports tuf-js',
    ],
    [
      'a cipher is imported outside keys',
      { 'cosign/a.ts': "import { secretbox } from '@noble/ciphers/salsa.js';" },
      'cosign/a.ts imports @noble/ciphers/salsa.js',
    ],
    [
      'a package is not in the table',
      { 'sigstore/a.ts': "import b from 'lodash';" },
      'sigstore/a.ts imports lodash',
    ],
    [
      'the environment is read',
      { 'registry/a.ts': 'const { env } = process;' },
      'registry/a.ts names process',
    ],
    [
      'the environment is read by another name',
      { 'registry/a.ts': 'globalThis.process.env;' },
      'registry/a.ts names process',
    ],
    [
      'the environment is imported',
      { 'registry/a.ts': "import { env } from 'node:process';" },
      'registry/a.ts imports node:process',
    ],
    [
      'files import each other',
      {
        'model/a.ts': "import { b } from './b.ts';",
        'model/b.ts': "import { c } from './c.ts';",
        'model/c.ts': "import { a } from './a.ts';",
      },
      'cycle: model/a.ts → model/b.ts → model/c.ts → model/a.ts',
    ],
    ['a file is too long', { 'model/a.ts': lines(251) }, 'model/a.ts has 251 lines'],
    ['a use case is too long', { 'verify.ts': lines(140) }, 'verify.ts has 140 lines'],
    ['a default export', { 'model/a.ts': 'export default 1;' }, 'model/a.ts has a default export'],
    [
      'a default export with its declaration',
      { 'model/a.ts': 'export default function a() {}' },
      'model/a.ts has a default export',
    ],
    [
      'a default export by name',
      { 'model/a.ts': 'const a = 1; export { a as default };' },
      'model/a.ts has a default export',
    ],
  ])('is detected: %s', (_, planted, violation) => {
    expect(
      violationsIn(
        Object.entries(planted).map(([file, text]) => ({ file, text })),
        table,
      ),
    ).toEqual([violation]);
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    [
      'types that a use case can import',
      { 'making.ts': "import type { B } from './stores/store.ts';" },
    ],
    [
      'a cycle of types',
      {
        'model/a.ts': "import type { B } from './b.ts';",
        'model/b.ts': "import type { A } from './a.ts';",
      },
    ],
    [
      'a switch with a default, a word in a text, a file of 250 lines',
      { 'model/a.ts': `switch (1) { default: f('process'); } // process\n${lines(249)}` },
    ],
  ])('is not reported for %s', (_, fine) => {
    expect(
      violationsIn(
        Object.entries(fine).map(([file, text]) => ({ file, text })),
        table,
      ),
    ).toEqual([]);
  });
});
