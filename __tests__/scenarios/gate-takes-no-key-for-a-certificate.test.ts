// A bare public key in place of a certificate is never accepted, not even if that very key is required.
import { afterAll, describe, expect, test } from '@jest/globals';

import { newKind } from '../../lab/bundles/keys.ts';
import { attach } from './attach.ts';
import { attestationLayer, putLayers, signatureLayer } from './old-cosign.ts';
import { type Bundle, holderOf, signWithHolder } from '../../lab/bundles/other-signer.ts';
import { entries, type Image, type Inputs, startWorld } from './world.ts';

const CERTIFICATE = 'dev.sigstore.cosign/certificate';
const world = await startWorld();
const holder = holderOf(newKind());
const { rawBytes } = holder.verifier;

async function pushed(content: string, put: (image: Image) => Promise<unknown>): Promise<Image> {
  const image = await world.push('acme/app', { content });
  await put(image);
  return image;
}

/** What the holder of a key has signed, with the key in the place of a certificate. */
async function bundleFor({ digest }: Image, material: object): Promise<Bundle> {
  const bundle = await signWithHolder(world, holder, { digest });
  const { publicKey, ...others } = bundle['verificationMaterial'] as Readonly<
    Record<string, object>
  >;
  expect(publicKey).toBeDefined();
  return { ...bundle, verificationMaterial: { ...others, ...material } };
}

/** With the code of the refusal where the key is asked for. */
const images: readonly (readonly [string, Image, string])[] = [
  [
    'a bundle',
    await pushed('bundle', async (image) =>
      attach(world, image, await bundleFor(image, { certificate: { rawBytes } })),
    ),
    'KEY',
  ],
  [
    'an old bundle',
    await pushed('old bundle', async (image) => {
      const chain = { x509CertificateChain: { certificates: [{ rawBytes }] } };
      const mediaType = 'application/vnd.dev.sigstore.bundle+json;version=0.2';
      return attach(world, image, { ...(await bundleFor(image, chain)), mediaType });
    }),
    'KEY',
  ],
  [
    'a .sig layer',
    await pushed('sig', async (image) => {
      const layer = await signatureLayer(world, image, holder);
      return putLayers(world, image, 'sig', [
        { ...layer, annotations: { ...layer.annotations, [CERTIFICATE]: holder.pem } },
      ]);
    }),
    'BUNDLE_MALFORMED',
  ],
  [
    'an .att layer',
    await pushed('att', async (image) => {
      const layer = await attestationLayer(world, image, holder);
      return putLayers(world, image, 'att', [
        { ...layer, annotations: { ...layer.annotations, [CERTIFICATE]: holder.pem } },
      ]);
    }),
    'BUNDLE_MALFORMED',
  ],
];

afterAll(() => world.stop());

describe.each(entries)('from %s', (entry) => {
  const judge = async (image: Image, inputs: Inputs): Promise<unknown> => {
    const given = { mode: 'verify', images: image.reference, require: 'signature\nprovenance' };
    const { exit, outputs } = await world.run(entry, { ...given, ...inputs });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 1, verdict: 'rejected' });
    return JSON.parse(outputs['results'] ?? '');
  };

  test.each(images)('%s is refused', async (_, image) => {
    expect(await judge(image, {})).toMatchObject([{ rejections: [{ code: 'BUNDLE_MALFORMED' }] }]);
  });

  test.each(images)('%s is refused where the key is asked for', async (_, image, code) => {
    expect(await judge(image, { key: holder.pem })).toMatchObject([{ rejections: [{ code }] }]);
  });

  test.each(images)(
    '%s is refused where the key is asked for, and no witness',
    async (_, image, code) => {
      const inputs = { key: holder.pem, 'insecure-ignore-tlog': 'true' };
      expect(await judge(image, inputs)).toMatchObject([{ rejections: [{ code }] }]);
    },
  );
});
