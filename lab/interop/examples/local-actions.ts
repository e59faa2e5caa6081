// Folders that act uses for the repositories of actions: this checkout for Countersign, and the replacements.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { playedActions } from './actions/index.ts';
import type { Site } from './site.ts';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));

/** Workflows name registries that this site replaces. */
export function placeHosts(text: string, { ghcr, other }: Site): string {
  return text
    .replaceAll('ghcr.io', ghcr.host)
    .replaceAll(/registry\.example|\d+\.dkr\.ecr\.[\w-]+\.amazonaws\.com/g, other.host);
}

/** For `--local-repository`: `owner/name@ref=folder` of each action in these workflows. */
export async function writeActions(
  folder: string,
  site: Site,
  workflows: readonly string[],
): Promise<readonly string[]> {
  const uses = workflows.flatMap((text) =>
    [...text.matchAll(/uses: ([\w-]+\/[\w-]+)@(\S+)/g)].map(([, name = '', ref = '']) => ({
      name,
      ref,
    })),
  );
  const own = join(folder, 'countersign');
  await writeOwn(own, site);
  const others = uses.filter(({ name }) => !/^(actions\/checkout|countersign\/.*)$/.test(name));
  for (const { name } of others) await writePlayed(join(folder, name), name);
  const pairs = others.map(({ name, ref }) => `${name}@${ref}=${join(folder, name)}`);
  return [...new Set([...pairs, `countersign/countersign@v1=${own}`])];
}

/** On this site's Sigstore instance if a workflow names none, as in the examples. */
async function writeOwn(folder: string, site: Site): Promise<void> {
  await cp(join(PROJECT, 'dist'), join(folder, 'dist'), { recursive: true });
  const { trustedRoot, signingConfigs } = site.trust;
  const metadata = await readFile(join(PROJECT, 'action.yml'), 'utf8');
  await writeFile(join(folder, 'action.yml'), metadata.replace('dist/index.js', 'here.mjs'));
  const roots = JSON.stringify({ github: site.instance.trustedRoot });
  const start = [
    'const { env } = process;',
    `env['INPUT_TRUSTED-ROOT'] ||= ${roots}[env.INPUT_SIGSTORE] ?? ${JSON.stringify(trustedRoot)};`,
    `if (env.INPUT_SIGSTORE === 'auto' && env.INPUT_MODE === 'sign') env.INPUT_SIGSTORE = ${JSON.stringify(signingConfigs.rekor2)};`,
    "await import('./dist/index.js');",
  ];
  await writeFile(join(folder, 'here.mjs'), start.join('\n'));
  const workflows = join('.github', 'workflows');
  await mkdir(join(folder, workflows), { recursive: true });
  const reusable = join(workflows, 'publish-image.yml');
  const text = await readFile(join(PROJECT, reusable), 'utf8');
  await writeFile(join(folder, reusable), placeHosts(text, site));
}

async function writePlayed(folder: string, name: string): Promise<void> {
  const action = playedActions[name];
  if (!action) throw new Error(`${name} is not played by lab/interop/examples/actions`);
  const { script, inputs, outputs } = action;
  await mkdir(folder, { recursive: true });
  const listed = (names: readonly string[]): object =>
    Object.fromEntries(names.map((each) => [each, { description: each }]));
  const metadata = {
    name,
    description: name,
    inputs: { ...listed(inputs), context: { description: 'context', default: '.' } },
    outputs: listed(outputs),
    runs: { using: 'node24', main: 'index.mjs' },
  };
  await writeFile(join(folder, 'action.yml'), JSON.stringify(metadata));
  const url = new URL(`./actions/${script}`, import.meta.url).href;
  await writeFile(join(folder, 'index.mjs'), `await import(${JSON.stringify(url)});\n`);
}
