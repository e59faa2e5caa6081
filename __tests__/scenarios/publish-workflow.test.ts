// Runs our steps of the reusable workflow: sign, verify, and only then tag.
import { readFile } from 'node:fs/promises';

import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { ActionResult } from '../../lab/runner/run-action.ts';
import { asked } from './seen.ts';
import { evaluate, readSteps } from './workflow-step.ts';
import { entries, type Entry, type Inputs, startWorld } from './world.ts';

const FILE = new URL('../../.github/workflows/publish-image.yml', import.meta.url);
const steps = readSteps(await readFile(FILE, 'utf8')).filter(({ uses }) =>
  uses?.startsWith('countersign/countersign@'),
);
const world = await startWorld({ registry: { auth: 'none' } });
const SHA = '1f0d0a3c5b7e9d2f4a6c8e0b1d3f5a7c9e2b4d60';

beforeEach(async () => {
  await world.forget();
  await signedBy('countersign/countersign/.github/workflows/publish-image.yml@refs/tags/v1');
});
afterAll(() => world.stop());

const signedBy = (workflow: string): Promise<void> =>
  world.oidc.set({ claims: { job_workflow_ref: workflow } });

/** The steps in turn, until one fails. */
async function publish(
  entry: Entry,
  content: string,
  stores: string,
): Promise<readonly ActionResult[]> {
  const { digest } = await world.push('acme/app', { content, platforms: ['linux/amd64'] });
  const name = `${world.registry.host}/acme/app`;
  const expressions: Record<string, string> = {
    'github.repository': 'acme/app',
    'github.sha': SHA,
    'inputs.stores': stores,
    "contains(inputs.stores, 'registry') && 'signature, provenance' || 'provenance'":
      stores.includes('registry') ? 'signature, provenance' : 'provenance',
    'steps.name.outputs.name': name,
    'steps.build.outputs.digest': digest,
    'steps.meta.outputs.tags': `${name}:${content}`,
  };
  const results: ActionResult[] = [];
  for (const step of steps) {
    const inputs: Inputs = Object.fromEntries(
      Object.entries(step.with).map(([input, value]) => [input, evaluate(value, expressions)]),
    );
    const result = await world.run(entry, inputs);
    results.push(result);
    if (result.exit !== 0) return results;
    expressions['steps.sign.outputs.image'] ??= result.outputs['image'] ?? '';
  }
  return results;
}

const tagged = async (): Promise<readonly string[]> =>
  (await asked(world.registry)).filter((each) => /^PUT .*\/manifests\/\w+$/.test(each));

describe.each(entries)('step run from %s', (entry) => {
  test.each(['registry', 'github', 'registry, github'])(
    'signs, verifies and tags with the stores %s',
    async (stores) => {
      const content = `${entry}-${stores.replace(', ', '-')}`;
      const results = await publish(entry, content.replaceAll('-', '_'), stores);
      expect(results.map(({ exit }) => exit)).toEqual([0, 0, 0]);
      expect(results[2]?.outputs['skip-reason']).toBe('already-signed');
      expect(await tagged()).toHaveLength(1);
      // One certificate: the last step signed nothing.
      expect(await asked(world.sigstore, 'fulcio')).toHaveLength(1);
    },
  );

  test('does not tag an image that a gate would reject', async () => {
    await signedBy('mallory/fork/.github/workflows/publish-image.yml@refs/tags/v1');
    const results = await publish(entry, `${entry}_rejected`, 'registry');
    expect(results.map(({ exit }) => exit)).toEqual([0, 1]);
    expect(results[1]?.outputs['verdict']).toBe('rejected');
    expect(await tagged()).toEqual([]);
  });
});
