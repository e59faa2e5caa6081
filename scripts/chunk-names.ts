// Names the files of a split bundle after what needs them: a file that sign.js and verify.js share is shared-sign-verify.js.
import { basename } from 'node:path';
import type { Metafile } from 'esbuild';

type Outputs = Metafile['outputs'];

/** The same contents under names without a hash, so that a change of one module renames no file. */
export function nameChunks(
  contents: ReadonlyMap<string, string>,
  { outputs }: Pick<Metafile, 'outputs'>,
): ReadonlyMap<string, string> {
  const names = namesOf(outputs);
  return new Map(
    [...contents].map(([file, text]) => [names.get(file) ?? file, withNames(text, names)]),
  );
}

/** By the name that esbuild gave. */
function namesOf(outputs: Outputs): ReadonlyMap<string, string> {
  const entries = Object.entries(outputs).filter(([, { entryPoint }]) => entryPoint !== undefined);
  const needs = entries.map(([output, { entryPoint = '' }]) => ({
    name: basename(entryPoint, '.ts'),
    files: neededBy(output, outputs),
  }));
  const names = Object.entries(outputs).map(([output, { entryPoint }]) => {
    if (entryPoint !== undefined) return [basename(output), `${basename(entryPoint, '.ts')}.js`];
    const users = needs.filter(({ files }) => files.has(output)).map(({ name }) => name);
    return [basename(output), `shared-${users.sort().join('-')}.js`];
  });
  if (new Set(names.map(([, name]) => name)).size < names.length)
    throw new Error(`Cannot name the files of the bundle: ${names.join(' ')}`);
  return new Map(names as [string, string][]);
}

/** Every file that is there before the first line of this one runs. */
function neededBy(
  output: string,
  outputs: Outputs,
  found = new Set<string>(),
): ReadonlySet<string> {
  for (const { path, kind } of outputs[output]?.imports ?? []) {
    if (kind !== 'import-statement' || outputs[path] === undefined || found.has(path)) continue;
    found.add(path);
    neededBy(path, outputs, found);
  }
  return found;
}

function withNames(text: string, names: ReadonlyMap<string, string>): string {
  return [...names].reduce(
    (renamed, [from, to]) => renamed.replaceAll(`"./${from}"`, `"./${to}"`),
    text,
  );
}
