// If Fulcio rejects the identity token, nothing is signed, and the token is in no message.
import { afterAll, describe, expect, test } from '@jest/globals';

import { asked, manifestsWritten } from './seen.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const image = await world.push('acme/app');

afterAll(() => world.stop());

describe.each([
  ['an expired token', { expiresIn: -10 }],
  ['a token with a foreign signature', { expiresIn: 300, signature: 'foreign' }],
] as const)('a Fulcio that rejects %s', (_what, settings) => {
  test.each(entries)('signs nothing and prints no token, from %s', async (entry) => {
    await world.oidc.set(settings);
    await world.forget();
    const { exit, outputs, annotations, stdout, masks } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
    });
    expect({ exit, outputs }).toEqual({ exit: 1, outputs: { signed: 'false' } });
    expect(annotations).toHaveLength(1);
    expect(annotations[0]?.message).toBe(
      `Cannot get a signing certificate: POST ${new URL(world.sigstore.fulcio).host}/api/v2/signingCert answered 401\nTo fix: check that this Fulcio accepts tokens of the issuer of this server; for GitHub Enterprise Server use a signing configuration of your own with "sigstore"`,
    );

    const [request] = await world.sigstore.requests();
    const { credentials } = JSON.parse(request?.body.toString() ?? '') as {
      credentials: { oidcIdentityToken: string };
    };
    expect(masks).toContain(credentials.oidcIdentityToken);
    // The command that masks it is the only line with the token.
    expect(
      stdout.split('\n').filter((line) => line.includes(credentials.oidcIdentityToken)),
    ).toEqual([`::add-mask::${credentials.oidcIdentityToken}`]);
    // The rejection is final, and no request follows it.
    expect(await asked(world.sigstore)).toEqual(['POST /api/v2/signingCert']);
    expect(await manifestsWritten(world.registry)).toEqual([]);
  });
});
