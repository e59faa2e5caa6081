// Shared files of a split bundle are named after their content, regardless of the bundler's hash.
import { expect, test } from '@jest/globals';

import { nameChunks } from '../../scripts/chunk-names.ts';

type Outputs = Parameters<typeof nameChunks>[1]['outputs'];

const entry = (entryPoint: string): Outputs[string] => ({ ...shared({}), entryPoint });

const shared = (sizes: Readonly<Record<string, number>>): Outputs[string] => ({
  bytes: 0,
  inputs: Object.fromEntries(
    Object.entries(sizes).map(([path, bytesInOutput]) => [path, { bytesInOutput }]),
  ),
  exports: [],
  imports: [],
});

test('names a file after its module, or the largest package or module in it', () => {
  const outputs: Outputs = {
    'dist/index.js': entry('src/index.ts'),
    'dist/sign-BBBB.js': entry('src/wiring/sign.ts'),
    'dist/chunk-CCCC.js': shared({
      'src/http/transport.ts': 300,
      'node_modules/@sigstore/protobuf-specs/dist/a.js': 200,
      'node_modules/@sigstore/protobuf-specs/dist/b.js': 200,
    }),
    'dist/chunk-AAAA.js': shared({ 'src/errors.ts': 20, 'src/text/json.ts': 10 }),
    'dist/chunk-DDDD.js': shared({ 'src/other/errors.ts': 20, 'src/model/tag.ts': 10 }),
  };
  const contents = new Map([
    ['index.js', 'import "./chunk-AAAA.js"; await import("./sign-BBBB.js");'],
    ['sign-BBBB.js', 'import "./chunk-CCCC.js";'],
    ['chunk-CCCC.js', 'import "./chunk-AAAA.js";'],
    ['chunk-AAAA.js', '"chunk-CCCC.js"'],
    ['chunk-DDDD.js', ''],
  ]);
  expect([...nameChunks(contents, { outputs })]).toEqual([
    ['index.js', 'import "./shared-errors.js"; await import("./sign.js");'],
    ['sign.js', 'import "./shared-protobuf-specs.js";'],
    ['shared-protobuf-specs.js', 'import "./shared-errors.js";'],
    ['shared-errors.js', '"chunk-CCCC.js"'],
    ['shared-tag.js', ''],
  ]);
});

test('rejects two files with the same name', () => {
  const outputs: Outputs = {
    'dist/a.js': entry('src/a.ts'),
    'dist/a-XXXX.js': entry('src/other/a.ts'),
  };
  expect(() => nameChunks(new Map(), { outputs })).toThrow(/Cannot name the files of the bundle/);
});
