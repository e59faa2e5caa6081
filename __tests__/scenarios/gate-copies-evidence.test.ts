// `copy-evidence-to`: what an image is accepted for is written beside the same digest in another repository, and a gate there accepts the image for it.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { holderOf, newKind, pemOf } from '../../lab/bundles/keys.ts';
import { fromBuildKit } from '../../lab/bundles/provenance.ts';
import { certifyJob, makeBundle } from '../../lab/bundles/signing.ts';
import { PROVENANCE, statementAbout } from '../../lab/bundles/statement.ts';
import { attach, signAndAttach } from './attach.ts';
import { placesIn, read, referrersOf } from './copies.ts';
import { layersOf } from './cosign-tags.ts';
import { attestationLayer, putLayers, signatureLayer } from './old-cosign.ts';
import { record } from './record.ts';
import { entries, type Image, type Inputs, startWorld } from './world.ts';

const PLATFORMS = ['linux/amd64', 'linux/arm64'];
const world = await startWorld();
const { host } = world.registry;
const ours = await certifyJob(world);
const vendor = holderOf(newKind());

beforeEach(async () => {
  await world.forget();
  await world.registry.set({ referrers: 'api', auth: 'none', missingSubject: 'accepted' });
});
afterAll(() => world.stop());

describe.each(entries)('gate run from %s', (entry) => {
  const target = (name: string): string => `prod/${entry}-${name}`;
  const copyTo = (...names: readonly string[]): Inputs => ({
    'copy-evidence-to': names.map((name) => `${host}/${target(name)}`).join('\n'),
  });
  const gate = (image: string, inputs: Inputs = {}): ReturnType<typeof world.run> =>
    world.run(entry, { mode: 'verify', images: image, ...inputs });
  /** The image is promoted without its evidence, and a gate is asked there. */
  async function promoted(name: string, content: string, inputs: Inputs = {}): Promise<unknown> {
    const { reference } = await world.push(target(name), { content });
    const { outputs } = await gate(reference, { sources: 'registry', ...inputs });
    return outputs['verdict'];
  }
  async function signed(content: string): Promise<Image> {
    const image = await world.push('acme/app', { content });
    await signAndAttach(world, image);
    return image;
  }

  test('copies a bundle to a repository that does not have the image yet', async () => {
    const content = `${entry} bundle`;
    const image = await signed(content);
    const { exit, outputs, log, summary } = await gate(image.reference, copyTo('bundle'));
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 0, verdict: 'accepted' });
    const [referrer = '', ...others] = await referrersOf(world, target('bundle'), image.digest);
    expect(others).toEqual([]);
    const place = `${host}/${target('bundle')}@${referrer}`;
    expect(placesIn(outputs['results'])).toEqual([place]);
    expect(log).toContain(`Copied signature at ${host}/acme/app@`);
    expect(log).toContain(`to ${place}`);
    expect(summary).toContain('| copied to |');
    expect(await promoted('bundle', content)).toBe('accepted');
  });

  test('copies a bundle to the fallback tag of a registry without the Referrers API', async () => {
    await world.registry.set({ referrers: 'none' });
    const content = `${entry} fallback`;
    const image = await world.push('acme/app', { content });
    await world.run(entry, { mode: 'sign', images: image.reference });
    expect(await gate(image.reference, copyTo('fallback'))).toMatchObject({ exit: 0 });
    const tag = image.digest.replace(':', '-');
    expect(await read(world, `${target('fallback')}/manifests/${tag}`)).toMatchObject({
      manifests: [{}],
    });
    expect(await promoted('fallback', content)).toBe('accepted');
  });

  test("copies the layers of cosign v2's tags byte for byte", async () => {
    const content = `${entry} legacy`;
    const image = await world.push('acme/app', { content });
    await putLayers(world, image, 'sig', [await signatureLayer(world, image, ours)]);
    await putLayers(world, image, 'att', [await attestationLayer(world, image, ours)]);
    const both = { require: 'signature\nprovenance' };
    const { exit, outputs } = await gate(image.reference, { ...both, ...copyTo('legacy') });
    expect(exit).toBe(0);
    const tag = `${host}/${target('legacy')}:${image.digest.replace(':', '-')}`;
    expect(placesIn(outputs['results'])).toEqual([`${tag}.sig`, `${tag}.att`]);
    for (const suffix of ['sig', 'att'] as const) {
      const copy = { repository: target('legacy'), digest: image.digest };
      expect(await layersOf(world, copy, suffix)).toEqual(await layersOf(world, image, suffix));
    }
    expect(await promoted('legacy', content, both)).toBe('accepted');
  });

  test("copies an attestation from GitHub's store to a registry", async () => {
    const content = `${entry} github`;
    const image = await world.push('acme/app', { content });
    const payload = statementAbout(image.digest, { predicateType: PROVENANCE });
    await record(world, 'acme/app', await makeBundle(world, { payload }));
    const provenance = { require: 'provenance' };
    const { exit, log } = await gate(image.reference, { ...provenance, ...copyTo('github') });
    expect(exit).toBe(0);
    expect(log).toContain('Copied provenance at attestations of acme/app, number 1');
    expect(await promoted('github', content, provenance)).toBe('accepted');
  });

  test('copies signatures of BuildKit provenance to the attestation manifests', async () => {
    const built = {
      content: `${entry} chain`,
      platforms: PLATFORMS,
      provenance: fromBuildKit('https://github.com/acme/app/actions/runs/4242/attempts/1') as {
        predicateType: string;
        predicate: object;
      },
    };
    const image = await world.push('acme/app', built);
    const attestations = Object.values(image.attestations);
    for (const digest of attestations) await signAndAttach(world, { ...image, digest });
    const provenance = { require: 'provenance', sources: 'registry' };
    expect(await gate(image.reference, { ...provenance, ...copyTo('chain') })).toMatchObject({
      exit: 0,
    });
    expect(await referrersOf(world, target('chain'), image.digest)).toEqual([]);
    for (const digest of attestations)
      expect(await referrersOf(world, target('chain'), digest)).toHaveLength(1);
    const { reference } = await world.push(target('chain'), built);
    expect(await gate(reference, provenance)).toMatchObject({ exit: 0 });
  });

  test('copies the evidence of each platform to its own digest', async () => {
    const built = { content: `${entry} platforms`, platforms: PLATFORMS };
    const image = await world.push('acme/app', built);
    const recursive = { recursive: 'true' };
    await world.run(entry, { mode: 'sign', images: image.reference, ...recursive });
    const { exit, outputs } = await gate(image.reference, { ...recursive, ...copyTo('platforms') });
    expect(exit).toBe(0);
    expect(placesIn(outputs['results'])).toHaveLength(3);
    for (const digest of [image.digest, ...Object.values(image.platforms)])
      expect(await referrersOf(world, target('platforms'), digest)).toHaveLength(1);
    const { reference } = await world.push(target('platforms'), built);
    expect(await gate(reference, recursive)).toMatchObject({ exit: 0 });
  });

  test('copies the evidence of every image to every repository, and nothing that was not required', async () => {
    const images = [await signed(`${entry} one`), await signed(`${entry} two`)];
    for (const image of images)
      await signAndAttach(world, image, { predicateType: 'https://acme.example/scan/v1' });
    const { exit } = await gate(images.map(({ reference }) => reference).join('\n'), {
      ...copyTo('first', 'second'),
      sources: 'registry',
    });
    expect(exit).toBe(0);
    for (const name of ['first', 'second'])
      for (const { digest } of images)
        expect(await referrersOf(world, target(name), digest)).toHaveLength(1);
  });

  test('copies each bundle once in two runs, also a signature without a trusted time', async () => {
    const image = await signed(`${entry} again`);
    const keyed = await world.push('acme/app', { content: `${entry} timeless` });
    const parts = { by: vendor, payload: statementAbout(keyed.digest), logs: [] } as const;
    await attach(world, keyed, await makeBundle(world, { ...parts, timestamp: 'none' }));
    const byKey = { key: pemOf(vendor), 'insecure-ignore-tlog': 'true' };
    for (const [{ reference, digest }, inputs] of [
      [image, {}],
      [keyed, byKey],
    ] as const) {
      expect(await gate(reference, { ...inputs, ...copyTo('again') })).toMatchObject({ exit: 0 });
      const copied = await referrersOf(world, target('again'), digest);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      expect(await gate(reference, { ...inputs, ...copyTo('again') })).toMatchObject({ exit: 0 });
      expect(await referrersOf(world, target('again'), digest)).toEqual(copied);
      expect(copied).toHaveLength(1);
    }
  });
});
