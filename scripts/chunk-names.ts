// Names the files of a split bundle: entry points after their module, shared files after the largest module or package in them.
import { basename } from 'node:path';
import type { Metafile } from 'esbuild';

type Outputs = Metafile['outputs'];

/** The same contents under names without a hash, so that a change in one module does not rename files. */
export function nameChunks(
  contents: ReadonlyMap<string, string>,
  { outputs }: Pick<Metafile, 'outputs'>,
): ReadonlyMap<string, string> {
  const names = namesOf(outputs);
  return new Map(
    [...contents].map(([file, text]) => [names.get(file) ?? file, withNames(text, names)]),
  );
}

/** By the name from esbuild. */
function namesOf(outputs: Outputs): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [output, { entryPoint, inputs }] of Object.entries(outputs)) {
    const taken = new Set(names.values());
    const candidates = entryPoint === undefined ? sharedNames(inputs) : [nameIn(entryPoint)];
    const name = candidates.map((each) => `${each}.js`).find((each) => !taken.has(each));
    if (name === undefined)
      throw new Error(`Cannot name the files of the bundle: ${candidates.join(' ')} is taken`);
    names.set(basename(output), name);
  }
  return names;
}

/** After the largest package or module. */
function sharedNames(inputs: Outputs[string]['inputs']): readonly string[] {
  const sizes = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(inputs))
    sizes.set(nameIn(path), (sizes.get(nameIn(path)) ?? 0) + bytesInOutput);
  const largest = [...sizes].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  // Without a module: helpers of esbuild.
  return [...largest.map(([name]) => `shared-${name}`), 'shared-runtime'];
}

/** `protobuf-specs` of a file in `node_modules/@sigstore/protobuf-specs`; else the name of the module. */
function nameIn(path: string): string {
  const [, name] = /node_modules\/(?:@[^/]+\/)?([^/]+)\/(?!.*node_modules\/)/.exec(path) ?? [];
  return name ?? basename(path, '.ts');
}

function withNames(text: string, names: ReadonlyMap<string, string>): string {
  return [...names].reduce(
    (renamed, [from, to]) => renamed.replaceAll(`"./${from}"`, `"./${to}"`),
    text,
  );
}
