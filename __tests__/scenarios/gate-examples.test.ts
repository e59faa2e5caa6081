// The example gates and the reusable one: their inputs are valid, they get only the permissions that they need, and they accept and reject what they describe.
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

import type { Holder } from '../../lab/bundles/holder.ts';
import { holderOf, newKind, pemOf } from '../../lab/bundles/keys.ts';
import { makeBundle } from '../../lab/bundles/signing.ts';
import { PROVENANCE, statementAbout } from '../../lab/bundles/statement.ts';
import { signAndAttach, type Signing } from './attach.ts';
import { referrersOf } from './copies.ts';
import { putLayers, signatureLayer } from './old-cosign.ts';
import { record } from './record.ts';
import { evaluate } from './workflow-step.ts';
import { entries, type Inputs, LOGIN, startWorld } from './world.ts';

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly run?: string;
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

/** Played by the embedded registry. */
const HOSTS = /ghcr\.io|\d+\.dkr\.ecr\.[\w-]+\.amazonaws\.com/g;

const world = await startWorld();
const vendor = holderOf(newKind());
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
    evaluate(value, expressions).replaceAll(HOSTS, world.registry.host),
  ]);
  return { ...(Object.fromEntries(given) as Inputs), ...login };
}

function byWorkflow(
  repository: string,
  file: string,
  ref: string,
): { readonly claims: Readonly<Record<string, string>> } {
  const workflow = `${repository}/.github/workflows/${file}@${ref}`;
  return { claims: { repository, ref, workflow_ref: workflow, job_workflow_ref: workflow } };
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

  test("gate-vendor-key.yml accepts the vendor's key only", async () => {
    const inputs = inputsOf('examples/gate-vendor-key.yml', { 'inputs.version': 'v1' });
    expect(inputs['key']).toMatch(
      /^https:\/\/raw\.githubusercontent\.com\/BerriAI\/litellm\/[0-9a-f]{40}\/cosign\.pub$/,
    );
    const gate = async (by: Holder): Promise<number> => {
      const litellm = await world.push('berriai/litellm', { content: pemOf(by), tag: 'v1' });
      await putLayers(world, litellm, 'sig', [await signatureLayer(world, litellm, by)]);
      return (await world.run(entry, { ...inputs, key: pemOf(vendor) })).exit;
    };
    expect([await gate(vendor), await gate(holderOf(newKind()))]).toEqual([0, 1]);
  });

  test('gate-copy.yml copies the evidence of a released image only', async () => {
    const expressions = { ...REPOSITORY, 'inputs.version': '1.2.3' };
    const { claims } = byWorkflow('acme/app', 'publish.yml', 'refs/tags/v1.2.3');
    const gate = async (content: string, signing: Signing): Promise<readonly unknown[]> => {
      const built = await world.push('acme/app', { content, tag: '1.2.3' });
      await signAndAttach(world, built, signing);
      const { exit } = await world.run(entry, inputsOf('examples/gate-copy.yml', expressions));
      return [exit, (await referrersOf(world, 'app', built.digest)).length];
    };
    expect(await gate(`${entry} released`, { claims })).toEqual([0, 1]);
    expect(await gate(`${entry} of a branch`, {})).toEqual([1, 0]);
    const copies = jobOf('examples/gate-copy.yml').steps.map(({ run = '' }) => run);
    expect(copies.join('')).toMatch(/skopeo copy --all --preserve-digests .*IMAGE.*TARGET/);
  });

  test('gate-owner.yml accepts attestations by workflows of the owner only', async () => {
    const gate = async (owner: string): Promise<number> => {
      const uv = await world.push('astral-sh/uv', { content: `${entry} ${owner}`, tag: 'latest' });
      const payload = statementAbout(uv.digest, { predicateType: PROVENANCE });
      const { claims } = byWorkflow(`${owner}/uv`, 'build-docker.yml', 'refs/tags/0.9.9');
      await record(world, 'astral-sh/uv', await makeBundle(world, { payload, claims }));
      return (await world.run(entry, inputsOf('examples/gate-owner.yml', {}))).exit;
    };
    expect([await gate('astral-sh'), await gate('mallory')]).toEqual([0, 1]);
  });
});
