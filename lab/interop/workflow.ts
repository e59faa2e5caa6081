// Runs a workflow that uses the action with act, a local runner, and checks the outputs of its steps.
import { cp, mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Toolbox } from '../tools/build.ts';
import { type Check, unavailable } from '../checks/check.ts';
import { lastLines, run, succeed } from '../tools/command.ts';
import { GITHUB_TOKEN } from '../peers/countersign.ts';
import { expectedSigner } from '../peers/exhibits.ts';
import { type Image, pushImage } from '../peers/image.ts';
import { jobOf } from '../peers/signer.ts';
import type { Stack } from '../stack/stack.ts';

interface Step {
  readonly outcome?: string;
  readonly outputs?: Readonly<Record<string, string>>;
}

type Steps = Readonly<Record<string, Step>>;

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

export async function runWorkflow(stack: Stack, toolbox: Toolbox): Promise<readonly Check[]> {
  const check = (name: string, outcome: Pick<Check, 'outcome' | 'detail'>): Check => ({
    table: 'In a workflow',
    row: 'uses: ./',
    column: 'act',
    name,
    ...outcome,
  });
  const missing = unavailable(toolbox.act);
  if (missing) return [check('runs', missing)];
  try {
    const [image, unsigned] = [
      await pushImage(stack, stack.registries[0]),
      await pushImage(stack, stack.registries[0]),
    ];
    const { steps, log } = await act(stack, image, unsigned);
    return Object.entries(expectations(image)).map(([name, holds]) =>
      check(
        name,
        holds(steps)
          ? { outcome: 'passed', detail: '' }
          : { outcome: 'failed', detail: `${JSON.stringify(steps)}\n${lastLines(log, 11)}` },
      ),
    );
  } catch (error) {
    return [check('runs', { outcome: 'failed', detail: String(error) })];
  }
}

function expectations({
  reference,
  digest,
}: Image): Readonly<Record<string, (steps: Steps) => boolean>> {
  return {
    'the image is signed': ({ sign }) =>
      sign?.outcome === 'success' && sign.outputs?.['signed'] === 'true',
    'its reference is put out': ({ sign }) =>
      sign?.outputs?.['image'] === reference && sign.outputs['digest'] === digest,
    'the gate accepts it': ({ gate }) =>
      gate?.outcome === 'success' &&
      gate.outputs?.['verdict'] === 'accepted' &&
      gate.outputs['verified'] === 'true',
    'the gate refuses an unsigned image': ({ refusal }) =>
      refusal?.outcome === 'failure' && refusal.outputs?.['verdict'] === 'unattested',
    'an input that is not declared is refused': ({ undeclared }) =>
      undeclared?.outcome === 'failure' && undeclared.outputs?.['verdict'] === 'inconclusive',
    'inputs of a composite action are none of the action in it': ({ composite }) =>
      composite?.outcome === 'success' && composite.outputs?.['verdict'] === 'accepted',
  };
}

async function act(
  stack: Stack,
  image: Image,
  unsigned: Image,
): Promise<{ steps: Steps; log: string }> {
  const signer = expectedSigner(stack);
  const repository = await checkOut(stack, signer.repository);
  const outcome = join(stack.folder, 'outcome.json');
  const variables = {
    IMAGE: image.name,
    DIGEST: image.digest,
    UNSIGNED: unsigned.reference,
    ISSUER: signer.issuer.url,
    SIGNING_CONFIG: stack.trust.signingConfigs.rekorV2,
    TRUSTED_ROOT: stack.trust.trustedRoot,
    OUTCOME: outcome,
  };
  const args = [
    'push',
    '--workflows',
    '.github/workflows/release.yml',
    '--platform',
    'ubuntu-latest=-self-hosted',
    '--no-cache-server',
    '--action-offline-mode',
  ];
  const settings = Object.entries({ ...variables, GITHUB_API_URL: stack.emptyGitHub.url }).flatMap(
    ([name, value]) => ['--env', `${name}=${value}`],
  );
  const env = { ...stack.env, ...jobOf(signer) };
  const { exit, stdout, stderr } = await run(
    stack.tool('act'),
    [...args, '--secret', `GITHUB_TOKEN=${GITHUB_TOKEN}`, ...settings],
    { env, cwd: repository },
  );
  const log = stdout + stderr;
  const text = await readFile(outcome, 'utf8').catch(() => undefined);
  if (text === undefined) throw new Error(`act ended with ${String(exit)}: ${lastLines(log, 12)}`);
  return { steps: JSON.parse(text) as Steps, log };
}

/** act reads the name of the repository from its remote, and copies its content into the workspace. */
async function checkOut(stack: Stack, name: string): Promise<string> {
  const repository = await mkdtemp(join(stack.folder, 'checkout-'));
  await cp(PROJECT, repository, {
    recursive: true,
    filter: (path) => !/\/(node_modules|\.git|coverage)$/.test(path),
  });
  await mkdir(join(repository, '.github', 'workflows'), { recursive: true });
  await cp(
    join(import.meta.dirname, 'workflow', 'publish.yml'),
    join(repository, '.github', 'workflows', 'release.yml'),
  );
  const git = (...args: string[]): Promise<string> =>
    succeed('git', ['-c', 'user.name=interop', '-c', 'user.email=interop@example.com', ...args], {
      env: stack.env,
      cwd: repository,
    });
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('remote', 'add', 'origin', `https://github.com/${name}.git`);
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'Everything');
  return repository;
}
