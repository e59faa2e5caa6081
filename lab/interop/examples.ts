// Runs the examples and the reusable workflow with act: gates on what was published, and publishing with a gate afterwards.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Check, unavailable } from '../checks/check.ts';
import { runAction } from '../runner/run-action.ts';
import type { Toolbox } from '../tools/build.ts';
import { lastLines } from '../tools/command.ts';
import { type ExampleCase, publishCases } from './examples/cases.ts';
import { gateCases } from './examples/gates.ts';
import { placeHosts } from './examples/local-actions.ts';
import { runExample } from './examples/run-example.ts';
import { JOB_TOKEN, openSite, OTHER_LOGIN, type Site } from './examples/site.ts';

type Result = Pick<Check, 'outcome' | 'detail'>;

/** Output of a program that an example calls once an image is accepted. */
const DEPLOYED = /\| (kubectl|docker|skopeo) /;
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
    for (const each of [...publishCases, ...gateCases])
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
  { run, before, published, gate = {}, on, says = [], fails }: ExampleCase,
  act: string,
  folder: string,
  site: Site,
): Promise<Result> {
  await before?.(site);
  await Promise.all([site.ghcr, site.other, site.sigstore].map((service) => service.clear()));
  const { exit, log } = await runExample(act, folder, site, {
    event: 'push',
    ref: 'refs/tags/v1.2.3',
    ...run,
  });
  if ((exit === 0) === (fails === true))
    return failed(`ended with ${String(exit)}: ${lastLines(log, 20)}`);
  const unsaid = says.find((text) => !log.includes(placeHosts(text, site)));
  if (unsaid !== undefined) return failed(`does not say "${unsaid}": ${lastLines(log, 20)}`);
  if (fails && DEPLOYED.test(log)) return failed(`went on: ${lastLines(log, 20)}`);
  if (on === 'github' && (await site.sigstore.requests()).length > 0)
    return failed('asked the public instance');
  if (published.length === 0) return nothingTagged(site);
  for (const image of published) {
    const { trustedRoot } = on === 'github' ? site.instance : site.trust;
    const judged = { ...gate, images: placeHosts(image, site), 'trusted-root': trustedRoot };
    const problem = await problemOf(judged, site);
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
  gate: Readonly<Record<'images' | 'trusted-root', string>>,
  site: Site,
): Promise<string | undefined> {
  const isOther = gate.images.startsWith(site.other.host);
  const login = isOther
    ? { 'registry-username': OTHER_LOGIN.username, 'registry-password': OTHER_LOGIN.password }
    : {};
  const { outputs, log, temp } = await runAction({
    entry: 'dist',
    token: JOB_TOKEN,
    inputs: { mode: 'verify', ...login, ...gate },
    env: { GITHUB_API_URL: site.github.url },
  });
  await rm(join(temp, '..'), { recursive: true });
  return outputs['verdict'] === 'accepted' ? undefined : lastLines(log, 12);
}
