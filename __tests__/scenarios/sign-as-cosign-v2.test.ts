// With "signature-format: legacy", signatures and attestations are in the tags of cosign v2, signed with the certificate of the step.
import { readFile } from 'node:fs/promises';

import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { certifyJob } from '../../lab/bundles/signing.ts';
import type { ActionResult } from '../../lab/runner/run-action.ts';
import { CERTIFICATE, contentOf, layersOf, tagName } from './cosign-tags.ts';
import { putLayers, signatureLayer } from './old-cosign.ts';
import { asked, manifestsWritten } from './seen.ts';
import { entries, type Inputs, startWorld } from './world.ts';

interface Bundle {
  readonly source: string;
  readonly predicateType: string;
  readonly file: string;
  readonly stored: readonly { readonly store: string; readonly place: string }[];
}

interface BundleJson {
  readonly verificationMaterial: { readonly certificate: { readonly rawBytes: string } };
}

const SIGNATURE = 'https://sigstore.dev/cosign/sign/v1';
const PAYLOAD = 'application/vnd.dev.cosign.simplesigning.v1+json';
const PROVENANCE = 'https://slsa.dev/provenance/v1';
const world = await startWorld();
const { host } = world.registry;
const { rekor1, both } = world.trust.signingConfigs;

beforeEach(() => world.forget());
afterAll(() => world.stop());

const bundlesOf = ({ outputs }: ActionResult): readonly (readonly Bundle[])[] =>
  (JSON.parse(outputs['results'] ?? '') as { bundles: readonly Bundle[] }[]).map(
    ({ bundles }) => bundles,
  );
const base64Of = (pem = ''): string => pem.replaceAll(/-----[^-]+-----|\s/g, '');

describe.each(entries)('signing step run from %s', (entry) => {
  const sign = (inputs: Inputs): Promise<ActionResult> =>
    world.run(entry, { mode: 'sign', sigstore: rekor1, 'signature-format': 'legacy', ...inputs });
  const accepted = async (images: string, inputs: Inputs = {}): Promise<void> => {
    const gate = await world.run(entry, { mode: 'verify', images, ...inputs });
    expect(gate).toMatchObject({ exit: 0, outputs: { verdict: 'accepted' } });
  };

  test('writes a signature as a layer of the .sig tag and nothing else', async () => {
    const image = await world.push('acme/app', { content: entry });
    await world.forget();
    const run = await sign({ images: image.reference, annotations: 'b=2\na=<1>' });
    expect(run).toMatchObject({ exit: 0, annotations: [], outputs: { signed: 'true' } });
    const [layer, ...others] = await layersOf(world, image, 'sig');
    expect(others).toEqual([]);
    expect(layer?.blob.toString()).toBe(
      `{"critical":{"identity":{"docker-reference":"${host}/acme/app"},"image":{"docker-manifest-digest":"${image.digest}"},"type":"cosign container image signature"},"optional":{"a":"\\u003c1\\u003e","b":"2"}}`,
    );
    const tag = tagName(image.digest, 'sig');
    expect(await manifestsWritten(world.registry)).toEqual([`PUT /v2/acme/app/manifests/${tag}`]);
    expect((await asked(world.sigstore)).sort()).toEqual([
      'POST /api/v1/log/entries',
      'POST /api/v1/timestamp',
      'POST /api/v2/signingCert',
    ]);
    const [[bundle, ...more] = []] = bundlesOf(run);
    expect(more).toEqual([]);
    const place = `${host}/acme/app:${tag}`;
    expect(bundle).toMatchObject({
      predicateType: PAYLOAD,
      stored: [{ store: 'legacy', place }],
    });
    expect(run.log).toContain(`Signed ${image.reference}: signature in cosign v2's format`);
    expect(run.log).toContain(`stored at ${place}`);
    // For gh, a bundle without its payload is not a bundle: it has a file of its own, next to a file with the payload.
    expect(run.outputs['bundle-path']).toBe('');
    expect(await readFile(`${bundle?.file ?? ''}.payload`)).toEqual(layer?.blob);
    expect(JSON.parse(await readFile(bundle?.file ?? '', 'utf8'))).toHaveProperty(
      'messageSignature',
    );
    await accepted(image.reference, { annotations: 'a=<1>' });
  });

  test('signs in both formats with one token and certificate, even where Rekor v2 is in use', async () => {
    const image = await world.push('acme/app', { content: `${entry} both` });
    await world.forget();
    const run = await sign({
      images: image.reference,
      sigstore: both,
      'signature-format': 'bundle\nlegacy',
      attestations: 'provenance',
    });
    expect(run.exit).toBe(0);
    const [bundles = []] = bundlesOf(run);
    expect(bundles.map(({ predicateType, stored }) => [predicateType, stored[0]?.store])).toEqual([
      [SIGNATURE, 'registry'],
      [PAYLOAD, 'legacy'],
      [PROVENANCE, 'registry'],
      [PROVENANCE, 'legacy'],
    ]);
    expect((await asked(world.oidc)).filter((each) => each === 'GET /token')).toHaveLength(1);
    expect(await asked(world.sigstore, 'fulcio')).toHaveLength(1);
    expect(await asked(world.sigstore, 'rekor-v2')).toHaveLength(2);
    expect(await asked(world.sigstore, 'rekor-v1')).toHaveLength(2);
    const lines = (await readFile(run.outputs['bundle-path'] ?? '', 'utf8')).trim().split('\n');
    const certificates = lines
      .map((line) => JSON.parse(line) as BundleJson)
      .map(({ verificationMaterial: { certificate } }) => certificate.rawBytes);
    const layers = [
      ...(await layersOf(world, image, 'sig')),
      ...(await layersOf(world, image, 'att')),
    ];
    const inLayers = layers.map(({ annotations }) => base64Of(annotations[CERTIFICATE]));
    expect([certificates.length, inLayers.length]).toEqual([2, 2]);
    expect(new Set([...certificates, ...inLayers]).size).toBe(1);
    await accepted(image.reference, { require: 'signature\nprovenance' });
  });

  test('writes attestations as layers of the .att tag and records them at GitHub as bundles', async () => {
    const image = await world.push('acme/app', { content: `${entry} attested` });
    await world.forget();
    const run = await sign({ images: image.reference, stores: 'registry, github' });
    expect(run).toMatchObject({ exit: 0, outputs: { signed: 'true' } });
    const [bundles = []] = bundlesOf(run);
    expect(bundles.map(({ predicateType, stored }) => [predicateType, stored[0]?.store])).toEqual([
      [PAYLOAD, 'legacy'],
      [PROVENANCE, 'github'],
      [PROVENANCE, 'legacy'],
    ]);
    const [layer, ...others] = await layersOf(world, image, 'att');
    expect(others).toEqual([]);
    expect(layer?.annotations).toMatchObject({ predicateType: PROVENANCE });
    expect(layer && contentOf(layer)).toMatchObject({
      subject: [{ digest: { sha256: image.digest.slice(7) } }],
      predicateType: PROVENANCE,
    });
    await accepted(image.reference, { require: 'signature\nprovenance' });
  });

  test('adds its layer after the layers of other signers', async () => {
    const image = await world.push('acme/app', { content: `${entry} others` });
    const theirs = await certifyJob(world, { claims: { repository: 'mallory/app' } });
    await putLayers(world, image, 'sig', [await signatureLayer(world, image, theirs)]);
    const [before] = await layersOf(world, image, 'sig');
    expect(await sign({ images: image.reference })).toMatchObject({ exit: 0 });
    const [first, second, ...others] = await layersOf(world, image, 'sig');
    expect([first, others]).toEqual([before, []]);
    expect(second && contentOf(second)).toMatchObject({ critical: {} });
    await accepted(image.reference);
  });

  test('signs a payload with the name of each repository of an image, even if one repository stores both', async () => {
    const image = await world.push('acme/two', { content: entry });
    const copy = await world.push('mirror/two', { content: entry });
    const names = [`${host}/acme/two`, `${host}/mirror/two`];
    const images = `${image.reference}\n${copy.reference}`;
    expect(await sign({ images })).toMatchObject({ exit: 0 });
    const namesIn = async (repository: string): Promise<readonly unknown[]> =>
      (await layersOf(world, { ...image, repository }, 'sig'))
        .map((layer) => contentOf(layer) as { critical: { identity: object } })
        .map(({ critical: { identity } }) => Object.values(identity)[0] as unknown);
    expect([...(await namesIn('acme/two')), ...(await namesIn('mirror/two'))]).toEqual(names);

    const place = `${host}/signatures/${entry}`;
    const run = await sign({ images, 'signature-repository': place });
    expect(run).toMatchObject({ exit: 0 });
    expect([...(await namesIn(`signatures/${entry}`))].sort()).toEqual(names);
    await accepted(images, { 'signature-repository': place });
  });
});
