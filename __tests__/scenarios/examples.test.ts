// Runs the example workflows unchanged: deploy-gate.yml accepts exactly what publish.yml signs.
import { readFile } from 'node:fs/promises';

import { afterAll, describe, expect, test } from '@jest/globals';

import type { ActionResult } from '../../lab/runner/run-action.ts';
import { signAndAttach } from './attach.ts';
import { evaluate, readSteps, type Step } from './workflow-step.ts';
import { entries, type Entry, type Inputs, LOGIN, startWorld } from './world.ts';

const read = async (name: string): Promise<string> =>
  readFile(new URL(`../../examples/${name}`, import.meta.url), 'utf8');
const [publish, gate] = await Promise.all([read('publish.yml'), read('deploy-gate.yml')]);
const world = await startWorld({ registry: { auth: 'bearer', referrers: 'none' } });
const basic = Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64');

afterAll(() => world.stop());

/** The step of this action in a workflow of acme/app, with ghcr.io played by the embedded registry. */
function run(entry: Entry, workflow: string, expressions: Inputs): Promise<ActionResult> {
  const step = readSteps(workflow).find(({ uses }) => uses === 'countersign/countersign@v1');
  const inputs = Object.entries(step?.with ?? {}).map(([name, value]) => {
    const evaluated = evaluate(value, { 'github.repository': 'acme/app', ...expressions });
    return [name, evaluated.replaceAll('ghcr.io', world.registry.host)] as const;
  });
  const login = { 'registry-username': LOGIN.username, 'registry-password': LOGIN.password };
  return world.run(entry, { ...Object.fromEntries(inputs), ...login }, { secrets: [basic] });
}

const byWorkflow = (file: string, ref = 'refs/tags/v1.2.3'): { claims: Record<string, string> } => {
  const workflow = `acme/app/.github/workflows/${file}@${ref}`;
  return { claims: { ref, workflow_ref: workflow, job_workflow_ref: workflow } };
};

describe.each(entries)('step run from %s', (entry) => {
  test('deploys by digest what the publish workflow signed', async () => {
    const image = await world.push('acme/app', {
      content: entry,
      tag: '1.2.3',
      platforms: ['linux/amd64', 'linux/arm64'],
    });
    const tags = 'ghcr.io/acme/app:1.2.3\nghcr.io/acme/app:1.2';
    await world.oidc.set(byWorkflow('publish.yml'));
    const signed = await run(entry, publish, {
      'steps.meta.outputs.tags': tags,
      'steps.build.outputs.digest': image.digest,
    });
    expect(signed).toMatchObject({ exit: 0, outputs: { signed: 'true', images: image.reference } });

    const judged = await run(entry, gate, { 'inputs.version': '1.2.3' });
    expect(judged).toMatchObject({ exit: 0, outputs: { verdict: 'accepted' } });
    const [, deploy] = readSteps(gate);
    expect(deploy?.run).toContain('"app=$IMAGE"');
    expect(
      evaluate(deploy?.env['IMAGE'] ?? '', {
        'steps.gate.outputs.image': judged.outputs['image'] ?? '',
      }),
    ).toBe(image.reference);
  });

  test.each([
    ['unsigned', undefined, 'unattested'],
    ['signed by another workflow of this repository', byWorkflow('try.yml'), 'rejected'],
    ['signed on a branch', byWorkflow('publish.yml', 'refs/heads/main'), 'rejected'],
    ['signed for another version', byWorkflow('publish.yml', 'refs/tags/v1.2.2'), 'rejected'],
    [
      'signed by a workflow with the same name in another repository',
      {
        claims: {
          repository: 'evil/app',
          ref: 'refs/tags/v1.2.3',
          workflow_ref: 'evil/app/.github/workflows/publish.yml@refs/tags/v1.2.3',
          job_workflow_ref: 'evil/app/.github/workflows/publish.yml@refs/tags/v1.2.3',
        },
      },
      'rejected',
    ],
    ['signed without provenance', byWorkflow('publish.yml'), 'rejected'],
  ] as const)('does not deploy an image that is %s', async (what, signing, verdict) => {
    const image = await world.push('acme/app', { content: `${entry} ${what}`, tag: '1.2.3' });
    await world.registry.set({ referrers: 'api' });
    if (signing) await signAndAttach(world, image, signing);
    const judged = await run(entry, gate, { 'inputs.version': '1.2.3' });
    expect({
      exit: judged.exit,
      verdict: judged.outputs['verdict'],
      image: judged.outputs['image'],
    }).toEqual({ exit: 1, verdict, image: undefined });
  });
});

describe.each([
  ['publish.yml', publish],
  ['deploy-gate.yml', gate],
])('%s', (_name, workflow) => {
  const steps: readonly Step[] = readSteps(workflow);

  test('pins every other action to a commit', () => {
    const foreign = steps.flatMap(({ uses }) =>
      uses === undefined || uses === 'countersign/countersign@v1' ? [] : [uses],
    );
    for (const uses of foreign) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
    expect(workflow.match(/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/gm) ?? []).toHaveLength(foreign.length);
  });

  test('grants its job only the permissions that it needs', () => {
    expect(workflow).toMatch(/^permissions: \{\}$/m);
    const [, block = ''] = /^ {4}permissions:\n((?: {6}.*\n)+)/m.exec(workflow) ?? [];
    const granted = block
      .trim()
      .split('\n')
      .map((line) => line.trim().replace(/ #.*$/, ''));
    expect(granted).toEqual(
      workflow === publish
        ? ['contents: read', 'packages: write', 'id-token: write']
        : ['packages: read', 'attestations: read'],
    );
  });
});
