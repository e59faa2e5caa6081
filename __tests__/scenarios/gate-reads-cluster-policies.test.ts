// ClusterImagePolicy files have the same effect in the gate as in a cluster.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

import { holderOf, newKind, pemOf } from '../../lab/bundles/keys.ts';
import { PROVENANCE } from '../../lab/bundles/statement.ts';
import { signAndAttach } from './attach.ts';
import { putLayers, signatureLayer } from './old-cosign.ts';
import { asked } from './seen.ts';
import { entries, type Inputs, ISSUER, startWorld } from './world.ts';

const world = await startWorld();
const vendor = holderOf(newKind());
const [byKey, signed, attested] = await Promise.all(
  ['key', 'signed', 'attested'].map((content) => world.push(`acme/${content}`, { content })),
);
if (!byKey || !signed || !attested) throw new Error('no image');
await putLayers(world, byKey, 'sig', [await signatureLayer(world, byKey, vendor)]);
await signAndAttach(world, signed);
await signAndAttach(world, attested, { predicateType: PROVENANCE });

afterAll(() => world.stop());

const subject = 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main';
const keyless = { identities: [{ issuer: ISSUER, subject }] };
const key = { data: pemOf(vendor) };

function policy(glob: string, authority: object, changes: object = {}): object {
  return {
    apiVersion: 'policy.sigstore.dev/v1beta1',
    kind: 'ClusterImagePolicy',
    metadata: { name: `for-${glob}` },
    spec: {
      images: [{ glob: `${world.registry.host}/${glob}` }],
      authorities: [authority],
      ...changes,
    },
  };
}

async function inputsFor(images: string, policies: readonly object[]): Promise<[Inputs, object]> {
  const workspace = await mkdtemp(join(tmpdir(), 'workspace-'));
  for (const [index, each] of policies.entries())
    await writeFile(join(workspace, `${index}.yaml`), JSON.stringify(each, undefined, 1));
  const inputs = { mode: 'verify', images, policy: '*.yaml' };
  return [inputs, { env: { GITHUB_WORKSPACE: workspace } }];
}

const bundle = { keyless, signatureFormat: 'bundle' };
const provenance = { ...bundle, attestations: [{ name: 'a', predicateType: PROVENANCE }] };

describe.each(entries)('gate run from %s', (entry) => {
  test.each<[string, string, readonly object[]]>([
    [
      'a policy with a key, in the format of cosign v2',
      byKey.reference,
      [policy('acme/*', { key })],
    ],
    ['a policy with identities, in bundles', signed.reference, [policy('acme/**', bundle)]],
    [
      'a policy that requires only an attestation',
      attested.reference,
      [policy('acme/*', provenance)],
    ],
    [
      'several policies, one of them for another image',
      signed.reference,
      [policy('acme/*', bundle), policy('**', { ...bundle, name: 'b' }), policy('x/*', { key })],
    ],
    [
      'a policy that is met, next to one in mode warn that is not met',
      signed.reference,
      [policy('**', bundle), policy('acme/*', { key }, { mode: 'warn' })],
    ],
    [
      'a policy with "static: pass"',
      signed.reference,
      [policy('acme/*', { static: { action: 'pass' } })],
    ],
  ])('accepts an image by %s', async (_, images, policies) => {
    const [inputs, changes] = await inputsFor(images, policies);
    const { exit, outputs, annotations } = await world.run(entry, inputs, changes);
    expect({
      exit,
      verdict: outputs['verdict'],
      errors: annotations.filter(({ level }) => level === 'error'),
    }).toEqual({
      exit: 0,
      verdict: 'accepted',
      errors: [],
    });
  });

  test.each<[string, string, readonly object[], RegExp]>([
    [
      'a signature of another key',
      signed.reference,
      [policy('acme/*', { key })],
      /no acceptable signature for policy "for-acme\/\*"/,
    ],
    [
      'only a bundle when the policy requires the format of cosign v2',
      signed.reference,
      [policy('acme/*', { keyless })],
      /signatureFormat: expected "legacy, a tag of cosign v2", found "bundle, in the registry"/,
    ],
    [
      'two policies when one is not met',
      signed.reference,
      [policy('acme/*', bundle), policy('**', provenance)],
      new RegExp(`no acceptable ${PROVENANCE} for policy "for-\\*\\*"`),
    ],
    [
      'a signature when the policy requires an attestation',
      signed.reference,
      [policy('**', provenance)],
      /rejected/,
    ],
    [
      'a policy with "static: fail"',
      signed.reference,
      [policy('**', { static: { action: 'fail', message: 'retired' } })],
      /exception \(retired\)/,
    ],
    [
      'only a policy in mode warn, which is not met',
      signed.reference,
      [policy('**', { key }, { mode: 'warn' })],
      /rejected/,
    ],
    [
      'no policy that matches it',
      signed.reference,
      [policy('x/*', bundle)],
      /no policy is for this image/,
    ],
  ])('rejects an image with %s', async (_, images, policies, message) => {
    const [inputs, changes] = await inputsFor(images, policies);
    const { exit, outputs, annotations } = await world.run(entry, inputs, changes);
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 1, verdict: 'rejected' });
    expect(annotations[0]?.message).toMatch(message);
  });

  test('reports every problem of the policy files before it sends a request', async () => {
    await world.forget();
    const [inputs, changes] = await inputsFor(signed.reference, [
      policy('**', { ...bundle, policy: {} }, { match: [] }),
      { kind: 'ClusterImagePolicy', apiVersion: 'config.openshift.io/v1' },
    ]);
    const run = await world.run(entry, { ...inputs, owner: 'acme', key: pemOf(vendor) }, changes);
    expect(run.outputs['verdict']).toBe('inconclusive');
    expect(run.annotations.map(({ message }) => message.split('\n')[0])).toEqual([
      expect.stringContaining('Cannot combine "policy" with "owner" and "key"'),
      expect.stringContaining('"spec.authorities[0].policy" is not a field'),
      expect.stringContaining('"spec.match" restricts'),
      expect.stringContaining("OpenShift's own policy"),
    ]);
    for (const service of [world.registry, world.github, world.sigstore])
      expect(await asked(service)).toEqual([]);
  });
});
