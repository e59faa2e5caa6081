// Runs the step of each publish example in its intended situation: a pull request from a fork, a private repository, a GitHub Enterprise Server.
import { copyFile, mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, describe, expect, test } from '@jest/globals';

import type { ActionRun } from '../../lab/runner/run-action.ts';
import { startGitHubInstance } from '../../lab/services/github-instance.ts';
import { asked } from './seen.ts';
import { evaluate, readSteps } from './workflow-step.ts';
import { entries, type Entry, type Image, type Inputs, startWorld } from './world.ts';

const FILES = ['publish-pull-requests.yml', 'publish-private.yml', 'publish-ghes.yml'] as const;
type File = (typeof FILES)[number];

const world = await startWorld({ registry: { auth: 'none' } });
const github = await startGitHubInstance(world.oidc);
const texts = new Map<string, string>();
for (const file of FILES)
  texts.set(file, await readFile(new URL(`../../examples/${file}`, import.meta.url), 'utf8'));

afterAll(() => Promise.all([world.stop(), github.stop()]));

const textOf = (file: File): string => texts.get(file) ?? '';

/** The inputs of the example, on top of those for this environment; the embedded registry replaces that of the example. */
async function run(
  entry: Entry,
  file: File,
  image: Image,
  { inputs = {}, ...job }: Partial<ActionRun> & { readonly inputs?: Inputs } = {},
): ReturnType<typeof world.run> {
  const step = readSteps(textOf(file)).find(({ uses }) => uses?.startsWith('countersign/'));
  const expressions = {
    'github.repository': 'acme/app',
    'steps.build.outputs.digest': image.digest,
  };
  const given = Object.entries(step?.with ?? {}).map(([name, value]): [string, string] => [
    name,
    evaluate(value, expressions).replace(/ghcr\.io|registry\.example/, world.registry.host),
  ]);
  return world.run(entry, { ...inputs, ...Object.fromEntries(given) }, job);
}

describe.each(entries)('step run from %s', (entry) => {
  test('signs on a push and skips a pull request from a fork', async () => {
    const image = await world.push('acme/app', { content: `${entry} pull` });
    const inputs = { sigstore: world.trust.signingConfigs.rekor2 };
    const pushed = await run(entry, 'publish-pull-requests.yml', image, { inputs });
    expect(pushed).toMatchObject({ exit: 0, outputs: { signed: 'true' } });
    const skipped = await run(
      entry,
      'publish-pull-requests.yml',
      { ...image, digest: '' },
      {
        inputs,
        env: { GITHUB_EVENT_NAME: 'pull_request', ACTIONS_ID_TOKEN_REQUEST_URL: undefined },
        event: { pull_request: { head: { repo: { id: 7 } }, base: { repo: { id: 1 } } } },
      },
    );
    expect(skipped).toMatchObject({ exit: 0, outputs: { signed: 'false' } });
  });

  test("signs on GitHub's instance in a private repository", async () => {
    await world.oidc.set({ claims: { repository_visibility: 'private' } });
    await world.sigstore.clear();
    const image = await world.push('acme/app', { content: `${entry} private` });
    const signed = await run(entry, 'publish-private.yml', image, {
      inputs: { 'trusted-root': github.trustedRoot },
      env: github.env,
    });
    expect(signed).toMatchObject({ exit: 0, outputs: { signed: 'true', 'log-index': '' } });
    expect(await asked(world.sigstore)).toEqual([]);
    await world.oidc.set({ claims: {} });
  });

  test('signs on a private instance on a GitHub Enterprise Server', async () => {
    const workspace = await mkdtemp(path.join(tmpdir(), 'workspace-'));
    await mkdir(path.join(workspace, '.sigstore'));
    const files = {
      signing_config: world.trust.signingConfigs.rekor1,
      trusted_root: world.trust.trustedRoot,
    };
    for (const [name, file] of Object.entries(files))
      await copyFile(file, path.join(workspace, '.sigstore', `${name}.json`));
    const image = await world.push('acme/app', { content: `${entry} ghes` });
    const signed = await run(entry, 'publish-ghes.yml', image, {
      env: { GITHUB_WORKSPACE: workspace, GITHUB_SERVER_URL: 'https://ghes.example' },
    });
    expect(signed).toMatchObject({ exit: 0, outputs: { signed: 'true' } });
  });
});

describe.each(FILES)('%s', (file) => {
  test('pins every other action and grants its job only the permissions that it needs', () => {
    const foreign = readSteps(textOf(file)).flatMap(({ uses }) =>
      uses === undefined || uses === 'countersign/countersign@v1' ? [] : [uses],
    );
    for (const uses of foreign) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    expect(textOf(file)).toMatch(/^permissions: \{\}$/m);
    const granted = [...textOf(file).matchAll(/^ {6}(\S+: (?:read|write)) #/gm)].map(
      ([, each]) => each,
    );
    expect(granted).toEqual([
      'contents: read',
      ...(file === 'publish-ghes.yml' ? [] : ['packages: write']),
      'id-token: write',
    ]);
  });
});
