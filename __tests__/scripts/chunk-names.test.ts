// What several files of a split bundle share is named after them, whatever hash the bundler gave it.
import { expect, test } from '@jest/globals';

import { nameChunks } from '../../scripts/chunk-names.ts';

type Outputs = Parameters<typeof nameChunks>[1]['outputs'];

const output = (
  entryPoint: string | undefined,
  ...imports: readonly (readonly [string, 'import-statement' | 'dynamic-import'])[]
): Outputs[string] => ({
  bytes: 0,
  inputs: {},
  exports: [],
  imports: imports.map(([path, kind]) => ({ path, kind })),
  ...(entryPoint === undefined ? {} : { entryPoint }),
});

test('files are named after what loads them, and imports follow', () => {
  const outputs: Outputs = {
    'dist/index.js': output(
      'src/index.ts',
      ['dist/chunk-AAAA.js', 'import-statement'],
      ['dist/sign-BBBB.js', 'dynamic-import'],
      ['node:fs', 'import-statement'],
    ),
    'dist/sign-BBBB.js': output('src/wiring/sign.ts', ['dist/chunk-CCCC.js', 'import-statement']),
    'dist/chunk-CCCC.js': output(undefined, ['dist/chunk-AAAA.js', 'import-statement']),
    'dist/chunk-AAAA.js': output(undefined),
  };
  const contents = new Map([
    ['index.js', 'import "./chunk-AAAA.js"; await import("./sign-BBBB.js");'],
    ['sign-BBBB.js', 'import "./chunk-CCCC.js";'],
    ['chunk-CCCC.js', 'import "./chunk-AAAA.js";'],
    ['chunk-AAAA.js', '"chunk-CCCC.js"'],
  ]);
  expect([...nameChunks(contents, { outputs })]).toEqual([
    ['index.js', 'import "./shared-index-sign.js"; await import("./sign.js");'],
    ['sign.js', 'import "./shared-sign.js";'],
    ['shared-sign.js', 'import "./shared-index-sign.js";'],
    ['shared-index-sign.js', '"chunk-CCCC.js"'],
  ]);
});

test('two files of one name are refused', () => {
  const outputs: Outputs = {
    'dist/a.js': output('src/a.ts'),
    'dist/a-XXXX.js': output('src/other/a.ts'),
  };
  expect(() => nameChunks(new Map(), { outputs })).toThrow(/Cannot name the files of the bundle/);
});
