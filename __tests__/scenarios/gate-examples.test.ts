// The example gates and the reusable one: their inputs are right, they get no more than they need, and they accept and reject as they say.
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

import { signAndAttach } from './attach.ts';
import { evaluate } from './workflow-step.ts';
import { entries, type Inputs, LOGIN, startWorld } from './world.ts';

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}

interface Job {
  readonly permissions: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly permissions: object;
  readonly jobs: Readonly<Record<string, Job>>;
  readonly on: {
    readonly workflow_call?: {
      readonly inputs: Readonly<Record<string, { readonly default: unknown }>>;
    };
  };
}

const PROJECT = path.join(import.meta.dirname, '../..');
const REUSABLE = '.github/workflows/verify-image.yml';
const names = (await readdir(path.join(PROJECT, 'examples'))).filter((each) => /^gate-/.test(each));
const files = [...names.map((name) => `examples/${name}`), REUSABLE];
const texts = new Map<string, string>();
for (const file of files) texts.set(file, await readFile(path.join(PROJECT, file), 'utf8'));

const world = await startWorld();
const image = await world.push('acme/app', { tag: '1.2.3' });
await signAndAttach(world, image);
await world.push('acme/app', { tag: 'bad', content: 'unsigned' });

afterAll(() => world.stop());

function workflowOf(file: string): Workflow {
  return parse(texts.get(file) ?? '') as Workflow;
}

function jobOf(file: string): Job {
  const [job, ...others] = Object.values(workflowOf(file).jobs);
  if (!job || others.length > 0) throw new Error(`${file} has not one job`);
  return job;
}

function inputsOf(file: string, expressions: Inputs): Inputs {
  const step = jobOf(file).steps.find(({ uses }) => uses === 'countersign/countersign@v1');
  const login = { 'registry-username': LOGIN.username, 'registry-password': LOGIN.password };
  const given = Object.entries(step?.with ?? {}).map(([name, value]) => [
    name,
    evaluate(value, expressions).replaceAll('ghcr.io', world.registry.host),
  ]);
  return { ...(Object.fromEntries(given) as Inputs), ...login };
}

describe.each(files)('%s', (file) => {
  test('pins every other action to a commit', () => {
    for (const { uses } of jobOf(file).steps)
      expect(uses ?? 'countersign/countersign@v1').toMatch(
        /^(countersign\/countersign@v1|[\w-]+\/[\w-]+@[0-9a-f]{40})$/,
      );
  });

  test('grants only the read permissions that it needs', () => {
    expect(workflowOf(file).permissions).toEqual({});
    for (const granted of Object.values(jobOf(file).permissions)) expect(granted).toBe('read');
  });
});

describe.each(entries)('gate run from %s', (entry) => {
  const REPOSITORY = { 'github.repository': 'acme/app', 'github.repository_owner': 'acme' };

  test('the audit example continues after an image that is not accepted', async () => {
    const expressions = { ...REPOSITORY, 'inputs.version': 'bad' };
    const run = await world.run(entry, inputsOf('examples/gate-audit-first.yml', expressions));
    expect([run.exit, run.outputs['verdict']]).toEqual([0, 'unattested']);
    expect(run.outputs['image']).toMatch(/\/acme\/app@sha256:/);
  });

  test('the release example verifies every released image', async () => {
    const images = `${world.registry.host}/acme/app:1.2.3\n${world.registry.host}/acme/app:bad\n`;
    const expressions = { ...REPOSITORY, 'steps.releases.outputs.images': images };
    const run = await world.run(entry, inputsOf('examples/gate-released-tags.yml', expressions));
    expect(run.exit).toBe(1);
    expect(run.summary).toContain('0 of 2 accepted');
  });

  test('the manifest example applies manifests only if their images are signed', async () => {
    const cwd = await mkdtemp(path.join(tmpdir(), 'manifests-'));
    await mkdir(path.join(cwd, 'k8s'));
    const manifest = path.join(cwd, 'k8s/app.yaml');
    const gate = async (name: string): Promise<number> => {
      const text = `apiVersion: v1\nkind: Pod\nspec: {containers: [{image: "${name}"}]}\n`;
      await writeFile(manifest, text);
      const inputs = inputsOf('examples/gate-manifests.yml', REPOSITORY);
      return (await world.run(entry, inputs, { cwd })).exit;
    };
    expect(await gate(image.reference)).toBe(0);
    expect(await gate(`${world.registry.host}/acme/app:bad`)).toBe(1);
  });

  test('the reusable gate has the same inputs and defaults as the action', async () => {
    const defaults = Object.entries(workflowOf(REUSABLE).on.workflow_call?.inputs ?? {}).map(
      ([name, input]) => [`inputs.${name}`, String(input.default)] as const,
    );
    const none = { 'secrets.registry-username': '', 'secrets.registry-password': '' };
    const gate = async (tag: string): Promise<number> => {
      const images = `${world.registry.host}/acme/app:${tag}`;
      const expressions = { ...Object.fromEntries(defaults), ...none, 'inputs.images': images };
      return (await world.run(entry, inputsOf(REUSABLE, expressions))).exit;
    };
    expect([await gate('1.2.3'), await gate('bad')]).toEqual([0, 1]);
  });
});

test('the inputs of gates for other signers are valid', async () => {
  const expressions = { 'github.repository': 'acme/app', 'inputs.version': 'v1' };
  for (const name of ['gate-vendor-key', 'gate-copy', 'gate-owner']) {
    const inputs = inputsOf(`examples/${name}.yml`, expressions);
    // One input is wrong on purpose, so that nothing is sent: it alone is told.
    const run = await world.run('src', { ...inputs, 'retry-timeout': 'x' });
    expect(run.annotations).toMatchObject([{ message: expect.stringContaining('retry-timeout') }]);
  }
});
