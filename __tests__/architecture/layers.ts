// The rooms of lab/ are layers: each imports only rooms above it in the table of docs/ARCHITECTURE.md.
import path from 'node:path/posix';

import ts from 'typescript';

import type { Source } from './check.ts';

/** The first cells of the table below the heading "Beside `src/`", in their order. */
export function readLayers(markdown: string): readonly string[] {
  const [, section = ''] = markdown.split(/^## Beside `src\/`$/m);
  const [table = ''] = section.split(/^## /m);
  return [...table.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, room = '']) => room);
}

/** Files are named from the root of the project: `lab/vectors/main.ts`. */
export function wrongLayersIn(
  sources: readonly Source[],
  layers: readonly string[],
): readonly string[] {
  const rankOf = (file: string): number => layers.indexOf(labRoomOf(file));
  return sources.flatMap(({ file, text }) =>
    importsOf(file, text)
      .filter((target) => !target.startsWith('src/'))
      .filter((target) => !target.startsWith('lab/') || rankOf(target) > rankOf(file))
      .map((target) => `${file} imports ${target}`),
  );
}

/** Imports of the product's code and of libraries; Node's modules are allowed. */
export function sharedWithProduct({ file, text }: Source): readonly string[] {
  const names = ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
  return names
    .map((name) => (name.startsWith('.') ? path.join(path.dirname(file), name) : name))
    .filter((name) => !name.startsWith('lab/') && !name.startsWith('node:'))
    .map((name) => `${file} imports ${name}`);
}

export function labRoomOf(file: string): string {
  return file.split('/')[1] ?? '';
}

function importsOf(file: string, text: string): readonly string[] {
  return ts
    .preProcessFile(text)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => path.join(path.dirname(file), specifier));
}
