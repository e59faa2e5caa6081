// Bundles the action into dist/index.js, one readable ES module, with the licences of what is in it beside it.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';

const root = join(import.meta.dirname, '..');
const licenceFile = /^(licen[cs]e|notice|copying)(\..*)?$/i;

/** `@actions/core` requests identity tokens with a client that brings undici; the action asks for its own, and nothing else needs it. */
const withoutUnusedClient: Plugin = {
  name: 'without-unused-client',
  setup(builder) {
    builder.onResolve({ filter: /^@actions\/http-client/ }, async ({ path, ...from }) => {
      if (from.pluginData === withoutUnusedClient) return undefined;
      const found = await builder.resolve(path, { ...from, pluginData: withoutUnusedClient });
      return { ...found, sideEffects: false };
    });
  },
};

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/index.ts'],
  outfile: 'dist/index.js',
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  metafile: true,
  plugins: [withoutUnusedClient],
  logLevel: 'warning',
  legalComments: 'none',
  // Most dependencies are CommonJS and call require.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
  },
});

/** `node_modules/<name>` of every bundled file, nested ones included. */
const packages = new Set(
  Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([input]) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []),
);

const licences = await Promise.all(
  [...packages].sort().map(async (directory) => {
    const { name, version, license } = JSON.parse(
      await readFile(join(root, directory, 'package.json'), 'utf8'),
    ) as { name: string; version: string; license: string };
    const file = (await readdir(join(root, directory))).find((entry) => licenceFile.test(entry));
    const text =
      file === undefined
        ? ''
        : `\n${(await readFile(join(root, directory, file), 'utf8')).trim()}\n`;
    return `${name} ${version} (${license})\n${text}`;
  }),
);
await writeFile(
  join(root, 'dist/licenses.txt'),
  [...new Set(licences)].join(`\n${'-'.repeat(80)}\n`),
);
