// One run over many images, each with a bundle that is invalid in one way: each is rejected for its own reason.
import { afterAll, describe, expect, test } from '@jest/globals';

import { startSigstore } from '../../lab/services/start.ts';
import { attach, signAndAttach } from './attach.ts';
import { withPayload } from '../../lab/bundles/bundle-json.ts';
import { makeBundle } from '../../lab/bundles/signing.ts';
import { statementAbout } from '../../lab/bundles/statement.ts';
import { entries, type Image, ISSUER, startWorld } from './world.ts';

const FOREIGN = 'https://issuer.example';
const [world, other] = await Promise.all([startWorld(), startSigstore({ checkpointDelay: 10 })]);
const { oidc, sigstore } = world;
const issuers = [ISSUER, FOREIGN].map((issuer) => ({ issuer, jwks: oidc.jwks }));
await Promise.all([sigstore.set({ issuers }), other.set({ issuers })]);
const images = new Map<string, Image>();
const exhibit = async (name: string, sign: (image: Image) => Promise<unknown>): Promise<void> => {
  const image = await world.push('acme/app', { content: name });
  await sign(image);
  images.set(name, image);
};

await exhibit('another repository', (image) =>
  signAndAttach(world, image, { claims: { repository: 'acme/other' } }),
);
await exhibit('owner with the same prefix', (image) =>
  signAndAttach(world, image, { claims: { repository: 'acme-evil/app' } }),
);
await exhibit('repository with the same prefix', (image) =>
  signAndAttach(world, image, { claims: { repository: 'acme/app-evil' } }),
);
await oidc.set({ issuer: FOREIGN });
await exhibit('another issuer', (image) => signAndAttach(world, image));
await oidc.set({ issuer: ISSUER });
await exhibit('another trusted root', (image) =>
  signAndAttach({ ...world, sigstore: { ...other } }, image),
);
await exhibit('another digest', (image) =>
  signAndAttach(world, image, { digest: `sha256:${'ab'.repeat(32)}` }),
);
await sigstore.set({ extendedKeyUsage: '' });
await exhibit('certificate not for code signing', (image) => signAndAttach(world, image));
await sigstore.set({ extendedKeyUsage: '1.3.6.1.5.5.7.3.3' });
await exhibit('not JSON', (image) => attach(world, image, 'certainly no JSON'));
await exhibit('not a bundle', (image) => attach(world, image, '{"mediaType":"application/json"}'));
await exhibit('changed payload', async (image) => {
  const bundle = await makeBundle(world, { payload: statementAbout(`sha256:${'cd'.repeat(32)}`) });
  return attach(world, image, withPayload(bundle, statementAbout(image.digest)));
});
const runs = await world.fromEach({
  mode: 'verify',
  images: [...images.values()].map(({ reference }) => reference).join('\n'),
});

afterAll(() => Promise.all([world.stop(), other.stop()]));

describe.each(entries)('gate run from %s', (entry) => {
  const { exit, outputs, annotations, summary } = runs[entry];
  const results = JSON.parse(outputs['results'] ?? '[]') as {
    image: string;
    verdict: string;
    unacceptable: object[];
    rejections: object[];
  }[];

  test('outputs no image', () => {
    expect({
      exit,
      verified: outputs['verified'],
      verdict: outputs['verdict'],
      image: outputs['image'],
      images: outputs['images'],
    }).toEqual({ exit: 1, verified: 'false', verdict: 'rejected' });
    expect(annotations).toHaveLength(images.size);
    expect(summary.match(/### ❌ rejected/g)).toHaveLength(images.size);
  });

  test.each([
    [
      'another repository',
      'repository',
      'https://github.com/acme/app',
      'https://github.com/acme/other',
    ],
    [
      'owner with the same prefix',
      'repository',
      'https://github.com/acme/app',
      'https://github.com/acme-evil/app',
    ],
    [
      'repository with the same prefix',
      'repository',
      'https://github.com/acme/app',
      'https://github.com/acme/app-evil',
    ],
    ['another issuer', 'issuer', ISSUER, FOREIGN],
  ])('rejects a certificate with a different identity: %s', (name, rule, expected, found) => {
    const reference = images.get(name)?.reference ?? '';
    // A workflow of a foreign repository is rejected, too.
    const others = rule === 'repository' ? [{ rule: 'signer-workflow' }] : [];
    expect(results.find(({ image }) => image === reference)).toMatchObject({
      verdict: 'rejected',
      rejections: [],
      unacceptable: [{ findings: [{ rule, expected, found }, ...others] }],
    });
    expect(
      annotations
        .filter(({ message }) => message.includes(reference))
        .map(({ message }) => message),
    ).toEqual([
      expect.stringContaining(
        `rejected, no acceptable signature. ${rule}: expected "${expected}", found "${found}"\nTo fix: if `,
      ),
    ]);
  });

  test.each([
    ['another trusted root', /^(TIMESTAMP|CERTIFICATE|TRANSPARENCY_LOG)$/],
    ['another digest', /^SUBJECT$/],
    ['certificate not for code signing', /^CERTIFICATE_USAGE$/],
    ['not JSON', /^BUNDLE_MALFORMED$/],
    ['not a bundle', /^BUNDLE_VERSION$/],
    ['changed payload', /^(SIGNATURE|TRANSPARENCY_LOG)$/],
  ])('rejects a bundle that is invalid: %s', (name, code) => {
    const reference = images.get(name)?.reference ?? '';
    expect(results.find(({ image }) => image === reference)).toMatchObject({
      verdict: 'rejected',
      unacceptable: [],
      rejections: [
        {
          source: 'registry',
          code: expect.stringMatching(code),
          expected: expect.stringMatching(/./),
          found: expect.stringMatching(/./),
        },
      ],
    });
    expect(
      annotations.filter(({ message }) =>
        message.includes(`Cannot accept "${reference}": rejected, no acceptable signature. `),
      ),
    ).toHaveLength(1);
  });
});
