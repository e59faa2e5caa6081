// Bundles the action into the files of dist/: readable ES modules, with the licences of their content in another file.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { nameChunks } from './chunk-names.ts';

const root = join(import.meta.dirname, '..');
const licenceFile = /^(licen[cs]e|notice|copying)(\..*)?$/i;

/** `@actions/core` includes an HTTP client with undici, and code that runs programs to describe the platform; neither is needed here. */
const withoutUnused: Plugin = {
  name: 'without-unused',
  setup(builder) {
    builder.onResolve(
      { filter: /^(@actions\/http-client|\.\/platform\.js$)/ },
      async ({ path, ...from }) => {
        if (from.pluginData === withoutUnused) return undefined;
        const found = await builder.resolve(path, { ...from, pluginData: withoutUnused });
        return { ...found, sideEffects: false };
      },
    );
  },
};

/** Contents by name; the same sources produce the same bytes on every machine. */
export async function bundle(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/index.ts'],
    outdir: 'dist',
    write: false,
    bundle: true,
    splitting: true,
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    platform: 'node',
    target: 'node24',
    format: 'esm',
    metafile: true,
    plugins: [withoutUnused],
    logLevel: 'warning',
    legalComments: 'none',
    // Most dependencies are CommonJS, and call require for built-in modules.
    banner: {
      js: 'const require = process.getBuiltinModule;',
    },
  });
  const texts = new Map(
    outputFiles.map(({ path, text }) => [path.slice(`${root}/dist/`.length), withoutFacades(text)]),
  );
  return new Map([...nameChunks(texts, metafile), ['licenses.txt', await licences(metafile)]]);
}

/** An import of a built-in module reads all of its exports, some of which load other modules: of node:http, the client behind fetch. */
function withoutFacades(text: string): string {
  return text.replaceAll(
    /^import (?:\* as )?(.+) from ("(?:node:)?[a-z_/]+");$/gm,
    (_, names: string, module: string) =>
      `const ${names.replaceAll(' as ', ': ')} = process.getBuiltinModule(${module});`,
  );
}

async function licences(metafile: Metafile): Promise<string> {
  const texts = await Promise.all(packagesIn(metafile).map(licenceOf));
  return [...new Set(texts)].join(`\n${'-'.repeat(80)}\n`);
}

/** `node_modules/<name>` of every bundled file, nested ones included. */
function packagesIn(metafile: Metafile): readonly string[] {
  const directories = Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([input]) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []);
  return [...new Set(directories)].sort();
}

async function licenceOf(directory: string): Promise<string> {
  const about = await readFile(join(root, directory, 'package.json'), 'utf8');
  const { name, version, license } = JSON.parse(about) as Readonly<
    Record<'name' | 'version' | 'license', string>
  >;
  const file = (await readdir(join(root, directory))).find((entry) => licenceFile.test(entry));
  const text = file === undefined ? '' : await readFile(join(root, directory, file), 'utf8');
  return `${name} ${version} (${license})\n${text === '' ? '' : `\n${text.trim()}\n`}`;
}
