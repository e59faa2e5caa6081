// The signature is an OCI 1.1 referrer of the image, and is listed in the fallback tag if the registry does not list referrers.
import { afterAll, describe, expect, test } from '@jest/globals';

import { until } from '../../lab/services/until.ts';
import { asked } from './seen.ts';
import { entries, type Image, startWorld } from './world.ts';

const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const SIGNATURE = 'https://sigstore.dev/cosign/sign/v1';
const world = await startWorld();

afterAll(() => world.stop());

async function read({ repository }: Image, path: string): Promise<unknown> {
  const response = await fetch(`${world.registry.url}/v2/${repository}/${path}`, {
    headers: { Accept: '*/*' },
  });
  return response.ok ? response.json() : response.status;
}

describe.each(entries)('signing step run from %s', (entry) => {
  test('writes the same manifest as cosign', async () => {
    await world.registry.set({ referrers: 'api' });
    const image = await world.push(`acme/${entry}-api`);
    const { exit, outputs } = await world.run(entry, { mode: 'sign', images: image.reference });
    expect(exit).toBe(0);
    const [{ bundles }] = JSON.parse(outputs['results'] ?? '') as [
      { bundles: [{ stored: [{ referrer: string }] }] },
    ];
    const { referrer } = bundles[0].stored[0];
    const annotations = {
      'dev.sigstore.bundle.content': 'dsse-envelope',
      'dev.sigstore.bundle.predicateType': SIGNATURE,
    };
    expect(await read(image, `referrers/${image.digest}`)).toMatchObject({
      manifests: [{ digest: referrer, artifactType: BUNDLE, annotations }],
    });
    expect(await read(image, `manifests/${image.digest.replace(':', '-')}`)).toBe(404);

    const manifest = (await read(image, `manifests/${referrer}`)) as {
      layers: [{ digest: string }];
    };
    expect(manifest).toMatchObject({
      artifactType: BUNDLE,
      config: { mediaType: 'application/vnd.oci.empty.v1+json', size: 2 },
      layers: [{ mediaType: BUNDLE }],
      subject: { mediaType: image.mediaType, digest: image.digest, size: image.bytes.length },
      annotations: {
        ...annotations,
        'org.opencontainers.image.created': expect.stringMatching(/^[\d-]+T[\d:]+Z$/),
      },
    });
    const bundle = (await read(image, `blobs/${manifest.layers[0].digest}`)) as {
      mediaType: string;
      dsseEnvelope: { payload: string };
    };
    expect(bundle.mediaType).toBe(BUNDLE);
    expect(JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString())).toMatchObject(
      {
        predicateType: SIGNATURE,
        subject: [
          {
            name: `${world.registry.host}/${image.repository}`,
            digest: { sha256: image.digest.slice(7) },
          },
        ],
      },
    );
  });

  test('puts the config of the manifest through an upload that is open already', async () => {
    const image = await world.push(`acme/${entry}-config`);
    await world.forget();
    const action = { delay: 3000 };
    await world.registry.fault({ method: 'POST', path: '/uploads/', skip: 1, times: 1, action });
    const running = world.run(entry, { mode: 'sign', images: image.reference });
    const seen = (): ReturnType<typeof world.registry.requests> => world.registry.requests();
    await until(async () => (await seen()).some(({ method }) => method === 'PUT'));
    const [, another] = (await seen()).filter(({ method }) => method === 'POST');
    expect(another?.status ?? 0).toBe(0);
    expect((await running).exit).toBe(0);
  });

  test.each([
    ['404', 'none'],
    ['a web page', 'html'],
  ] as const)(
    'lists the signature in the fallback tag of a registry that answers %s for the referrers',
    async (_what, referrers) => {
      await world.registry.set({ referrers });
      const image = await world.push(`acme/${entry}-${referrers}`);
      await world.forget();
      const { exit, outputs } = await world.run(entry, {
        mode: 'sign',
        images: image.reference,
        attestations: 'provenance',
      });
      expect({ exit, signed: outputs['signed'] }).toEqual({ exit: 0, signed: 'true' });
      const tag = `manifests/${image.digest.replace(':', '-')}`;
      expect(await read(image, tag)).toMatchObject({
        manifests: [{ artifactType: BUNDLE }, { artifactType: BUNDLE }],
      });
      // Both entries in one update, because every further one could overwrite another writer's.
      expect(
        (await asked(world.registry)).filter(
          (request) => request === `PUT /v2/${image.repository}/${tag}`,
        ),
      ).toHaveLength(1);
      const gate = await world.run(entry, {
        mode: 'verify',
        images: image.reference,
        require: 'signature, provenance',
      });
      expect(gate).toMatchObject({ exit: 0, outputs: { verdict: 'accepted' } });
    },
  );

  test('writes the tag at a registry that returns the image in place of a missing tag', async () => {
    await world.registry.set({ referrers: 'none', tagResolution: 'digest-like' });
    const image = await world.push(`acme/${entry}-digest-like`, { platforms: ['linux/amd64'] });
    const { exit, outputs } = await world.run(entry, { mode: 'sign', images: image.reference });
    const gate = await world.run(entry, { mode: 'verify', images: image.reference });
    await world.registry.set({ tagResolution: 'exact' });
    expect({ exit, signed: outputs['signed'] }).toEqual({ exit: 0, signed: 'true' });
    expect(gate.outputs).toMatchObject({ verdict: 'accepted' });
  });

  test('writes no fallback tag if the registry lists the signature after a delay', async () => {
    await world.registry.set({ referrers: 'api', referrersLag: 300 });
    const image = await world.push(`acme/${entry}-late`);
    const { exit, outputs } = await world.run(entry, { mode: 'sign', images: image.reference });
    await world.registry.set({ referrersLag: 0 });
    expect({ exit, signed: outputs['signed'] }).toEqual({ exit: 0, signed: 'true' });
    expect(await read(image, `manifests/${image.digest.replace(':', '-')}`)).toBe(404);
  });
});
