// Runs one workflow with act, as GitHub would for an event: a checkout of acme/app, a token for the job, and the actions in folders.
import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { run, succeed } from '../../tools/command.ts';
import { placeHosts, writeActions } from './local-actions.ts';
import { JOB_TOKEN, OTHER_LOGIN, type Site } from './site.ts';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
export const REPOSITORY = 'acme/app';
/** Programs that the examples call once an image is accepted. */
const PROGRAMS = ['kubectl', 'docker', 'skopeo'];
const BAKE = { target: { plain: { tags: [] }, alpine: { tags: [] } } };

export interface ExampleRun {
  readonly file: string;
  readonly event: string;
  readonly ref: string;
  /** Payload, in addition to the ref. */
  readonly payload?: object;
  /** The workflow that signs, if it is not the example. */
  readonly signer?: string;
  readonly claims?: Readonly<Record<string, string>>;
  /** Files of the repository, beside the workflow, with the registries in the workflow's own names. */
  readonly files?: Readonly<Record<string, string>>;
  /** Names of the tags that have a release. */
  readonly releases?: readonly string[];
  /** Tags of the targets of the bake file. */
  readonly targets?: Readonly<Record<string, { readonly tags: readonly string[] }>>;
}

export interface ExampleResult {
  readonly exit: number | null;
  readonly log: string;
}

export async function runExample(
  act: string,
  folder: string,
  site: Site,
  example: ExampleRun,
): Promise<ExampleResult> {
  const home = await mkdtemp(join(folder, 'home-'));
  const workflow = await readFile(join(PROJECT, 'examples', example.file), 'utf8');
  const reusable = await readFile(join(PROJECT, '.github/workflows/publish-image.yml'), 'utf8');
  const actions = await writeActions(join(home, 'actions'), site, [workflow, reusable]);
  const { checkout, sha } = await checkOut(home, site, example, workflow);
  await site.oidc.set({ claims: claimsOf(example, sha) });
  const payload = join(home, 'event.json');
  await writeFile(payload, JSON.stringify({ ref: example.ref, ...example.payload }));
  const { exit, stdout, stderr } = await run(
    act,
    [
      example.event,
      ...['--workflows', `.github/workflows/${example.file}`],
      ...['--platform', 'ubuntu-latest=-self-hosted'],
      ...['--no-cache-server', '--action-offline-mode', '--actor', 'octocat'],
      ...['--eventpath', payload],
      ...['--secret', `GITHUB_TOKEN=${JOB_TOKEN}`],
      ...['REGISTRY_USER', 'AWS_ACCESS_KEY_ID'].flatMap((name) => [
        '--secret',
        `${name}=${OTHER_LOGIN.username}`,
      ]),
      ...['REGISTRY_PASSWORD', 'AWS_SECRET_ACCESS_KEY'].flatMap((name) => [
        '--secret',
        `${name}=${OTHER_LOGIN.password}`,
      ]),
      ...['--env', `GITHUB_API_URL=${site.github.url}`],
      ...Object.entries(site.instance.env).flatMap(([name, value]) =>
        value === undefined ? [] : ['--env', `${name}=${value}`],
      ),
      ...actions.flatMap((action) => ['--local-repository', action]),
    ],
    { env: await environment(home, site, example), cwd: checkout },
  );
  return { exit, log: stdout + stderr };
}

function claimsOf(
  { file, ref, event, signer, claims }: ExampleRun,
  sha: string,
): Readonly<Record<string, string>> {
  const workflow = `${REPOSITORY}/.github/workflows/${file}@${ref}`;
  return {
    repository: REPOSITORY,
    ref,
    sha,
    event_name: event,
    workflow_ref: workflow,
    job_workflow_ref: signer ?? workflow,
    ...claims,
  };
}

async function environment(
  home: string,
  { oidc }: Site,
  { releases = [] }: ExampleRun,
): Promise<Record<string, string>> {
  const bin = join(home, 'bin');
  await mkdir(bin);
  const scripts = PROGRAMS.map((name) => [name, `echo "${name} $*"`] as const);
  const all = new Map<string, string>([...scripts, ['gh', `printf '%s\\n' ${releases.join(' ')}`]]);
  for (const [name, line] of all) {
    await writeFile(join(bin, name), `#!/bin/sh\n${line}\n`);
    await chmod(join(bin, name), 0o755);
  }
  const path = [bin, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  return { ...oidc.env, HOME: home, PATH: path };
}

async function checkOut(
  home: string,
  site: Site,
  { file, ref, targets, files: others = {} }: ExampleRun,
  workflow: string,
): Promise<{ readonly checkout: string; readonly sha: string }> {
  const checkout = join(home, 'checkout');
  const { trustedRoot, signingConfigs } = site.trust;
  const bake = targets ? { target: targets } : BAKE;
  const files = {
    [`.github/workflows/${file}`]: workflow,
    '.sigstore/signing_config.json': await readFile(signingConfigs.rekor1, 'utf8'),
    '.sigstore/trusted_root.json': await readFile(trustedRoot, 'utf8'),
    Dockerfile: 'FROM scratch\n',
    'docker-bake.json': JSON.stringify(bake),
    ...others,
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(checkout, name)), { recursive: true });
    await writeFile(join(checkout, name), placeHosts(text, site));
  }
  const git = (...args: string[]): Promise<string> =>
    succeed('git', ['-c', 'user.name=interop', '-c', 'user.email=interop@example.com', ...args], {
      env: { PATH: process.env['PATH'], HOME: home },
      cwd: checkout,
    });
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('remote', 'add', 'origin', `https://github.com/${REPOSITORY}.git`);
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'Everything');
  if (ref.startsWith('refs/tags/')) await git('tag', ref.slice('refs/tags/'.length));
  return { checkout, sha: (await git('rev-parse', 'HEAD')).trim() };
}
