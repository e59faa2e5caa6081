// A bare public key in place of a certificate is never accepted, not even if that very key is required.
import { afterAll, describe, expect, test } from '@jest/globals';

import {
  type BundleJson,
  changed,
  type MaterialJson,
  MEDIA_TYPES,
} from '../../lab/bundles/bundle-json.ts';
import { holderOf, newKind, pemOf } from '../../lab/bundles/keys.ts';
import { CERTIFICATE_ANNOTATION } from '../../lab/bundles/layer.ts';
import { makeBundle } from '../../lab/bundles/signing.ts';
import { statementAbout } from '../../lab/bundles/statement.ts';
import { attach } from './attach.ts';
import { attestationLayer, putLayers, signatureLayer } from './old-cosign.ts';
import { entries, type Image, type Inputs, startWorld } from './world.ts';

const world = await startWorld();
const holder = holderOf(newKind());
const rawBytes = holder.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

async function pushed(content: string, put: (image: Image) => Promise<unknown>): Promise<Image> {
  const image = await world.push('acme/app', { content });
  await put(image);
  return image;
}

/** A signature of a key, with the public key in place of a certificate. */
async function bundleFor({ digest }: Image, material: Partial<MaterialJson>): Promise<BundleJson> {
  const bundle = await makeBundle(world, { by: holder, payload: statementAbout(digest) });
  return changed(bundle, ({ verificationMaterial }) => {
    expect(verificationMaterial.publicKey).toBeDefined();
    delete verificationMaterial.publicKey;
    Object.assign(verificationMaterial, material);
  });
}

/** With the code of the rejection if the key is required. */
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
      const mediaType = MEDIA_TYPES['0.2'];
      return attach(world, image, { ...(await bundleFor(image, chain)), mediaType });
    }),
    'KEY',
  ],
  [
    'a .sig layer',
    await pushed('sig', async (image) => {
      const layer = await signatureLayer(world, image, holder);
      return putLayers(world, image, 'sig', [
        {
          ...layer,
          annotations: { ...layer.annotations, [CERTIFICATE_ANNOTATION]: pemOf(holder) },
        },
      ]);
    }),
    'BUNDLE_MALFORMED',
  ],
  [
    'an .att layer',
    await pushed('att', async (image) => {
      const layer = await attestationLayer(world, image, holder);
      return putLayers(world, image, 'att', [
        {
          ...layer,
          annotations: { ...layer.annotations, [CERTIFICATE_ANNOTATION]: pemOf(holder) },
        },
      ]);
    }),
    'BUNDLE_MALFORMED',
  ],
];

afterAll(() => world.stop());

describe.each(entries)('gate run from %s', (entry) => {
  const judge = async (image: Image, inputs: Inputs): Promise<unknown> => {
    const given = { mode: 'verify', images: image.reference, require: 'signature\nprovenance' };
    const { exit, outputs } = await world.run(entry, { ...given, ...inputs });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 1, verdict: 'rejected' });
    return JSON.parse(outputs['results'] ?? '');
  };

  test.each(images)('rejects %s with a public key in place of a certificate', async (_, image) => {
    expect(await judge(image, {})).toMatchObject([{ rejections: [{ code: 'BUNDLE_MALFORMED' }] }]);
  });

  test.each(images)(
    'rejects %s with a public key in place of a certificate when that key is required',
    async (_, image, code) => {
      expect(await judge(image, { key: pemOf(holder) })).toMatchObject([
        { rejections: [{ code }] },
      ]);
    },
  );

  test.each(images)(
    'rejects %s with a public key in place of a certificate when that key is required with "insecure-ignore-tlog"',
    async (_, image, code) => {
      const inputs = { key: pemOf(holder), 'insecure-ignore-tlog': 'true' };
      expect(await judge(image, inputs)).toMatchObject([{ rejections: [{ code }] }]);
    },
  );
});
