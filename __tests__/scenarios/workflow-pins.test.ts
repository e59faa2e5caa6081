// Every example, and every reusable workflow, names other actions by commit, each at one version.
import { readdir, readFile } from 'node:fs/promises';

import { expect, test } from '@jest/globals';

const project = new URL('../../', import.meta.url);
const examples = (await readdir(new URL('examples', project))).map((name) => `examples/${name}`);
const files = [...examples, '.github/workflows/publish-image.yml'];
const texts = await Promise.all(
  files.map(async (file) => [file, await readFile(new URL(file, project), 'utf8')] as const),
);
const usesIn = (text: string): readonly string[] =>
  [...text.matchAll(/^\s+(?:- )?uses: (.*)$/gm)].map(([, uses = '']) => uses);

test.each(texts)('pins every other action to a commit: %s', (file, text) => {
  const foreign = usesIn(text).filter((uses) => !uses.startsWith('countersign/countersign'));
  for (const uses of foreign)
    expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  // A called workflow has the permissions of its caller.
  if (file.startsWith('examples/')) expect(text).toMatch(/^permissions: \{\}$/m);
});

test('uses one commit for each action', () => {
  const all = [...new Set(texts.flatMap(([, text]) => usesIn(text)))].filter((uses) =>
    /@[0-9a-f]{40}/.test(uses),
  );
  const names = all.map((uses) => uses.replace(/@.*/, ''));
  expect(names).toEqual([...new Set(names)]);
});
