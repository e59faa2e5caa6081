// Runs the publish examples and the reusable workflow with act, and verifies what they published.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Check, unavailable } from '../checks/check.ts';
import { runAction } from '../runner/run-action.ts';
import type { Toolbox } from '../tools/build.ts';
import { lastLines } from '../tools/command.ts';
import { type ExampleCase, exampleCases } from './examples/cases.ts';
import { placeHosts } from './examples/local-actions.ts';
import { runExample } from './examples/run-example.ts';
import { JOB_TOKEN, openSite, OTHER_LOGIN, type Site } from './examples/site.ts';

type Result = Pick<Check, 'outcome' | 'detail'>;

const PASSED: Result = { outcome: 'passed', detail: '' };
const failed = (detail: string): Result => ({ outcome: 'failed', detail });

export async function runExamples(toolbox: Pick<Toolbox, 'act'>): Promise<readonly Check[]> {
  const { act } = toolbox;
  if (!('path' in act)) return [checkOf('act', unavailable(act) ?? failed('act is missing'))];
  const site = await openSite();
  const folder = await mkdtemp(join(tmpdir(), 'countersign-examples-'));
  const checks: Check[] = [];
  try {
    // In turn: an example deploys what another one published.
    for (const each of exampleCases)
      checks.push(checkOf(each.name, await resultOf(each, act.path, folder, site)));
    return checks;
  } finally {
    await site.stop();
    await rm(folder, { recursive: true });
  }
}

function checkOf(name: string, result: Result): Check {
  return { table: 'Examples', row: 'as they are', column: 'act', name, ...result };
}

async function resultOf(
  { run, published, gate = {}, says, fails }: ExampleCase,
  act: string,
  folder: string,
  site: Site,
): Promise<Result> {
  await Promise.all([site.ghcr.clear(), site.other.clear()]);
  const { exit, log } = await runExample(act, folder, site, {
    event: 'push',
    ref: 'refs/tags/v1.2.3',
    ...run,
  });
  if ((exit === 0) === (fails === true))
    return failed(`ended with ${String(exit)}: ${lastLines(log, 20)}`);
  if (says !== undefined && !log.includes(placeHosts(says, site)))
    return failed(`does not say "${says}": ${lastLines(log, 20)}`);
  if (published.length === 0) return nothingTagged(site);
  for (const image of published) {
    const problem = await problemOf(placeHosts(image, site), gate, site);
    if (problem !== undefined) return failed(`${image}: ${problem}`);
  }
  return PASSED;
}

async function nothingTagged({ ghcr, other }: Site): Promise<Result> {
  const requests = [...(await ghcr.requests()), ...(await other.requests())];
  const tagged = requests.filter(
    ({ method, path }) => method === 'PUT' && /\/manifests\/(?!sha256[:-])/.test(path),
  );
  return tagged.length === 0 ? PASSED : failed(`tagged ${tagged[0]?.path ?? ''}`);
}

async function problemOf(
  image: string,
  gate: Readonly<Record<string, string>>,
  site: Site,
): Promise<string | undefined> {
  const isOther = image.startsWith(site.other.host);
  const login = isOther
    ? { 'registry-username': OTHER_LOGIN.username, 'registry-password': OTHER_LOGIN.password }
    : {};
  const { outputs, log, temp } = await runAction({
    entry: 'dist',
    token: JOB_TOKEN,
    inputs: {
      mode: 'verify',
      images: image,
      'trusted-root': site.trust.trustedRoot,
      ...login,
      ...gate,
    },
    env: { GITHUB_API_URL: site.github.url },
  });
  await rm(join(temp, '..'), { recursive: true });
  return outputs['verdict'] === 'accepted' ? undefined : lastLines(log, 12);
}
