// Files in the folder of the job are not trusted: trust always starts with the digest that is pinned in the source.
import { afterAll, describe, expect, test } from '@jest/globals';

import { startSigstore } from '../../lab/services/start.ts';
import { signAndAttach } from './attach.ts';
import { plantAll, TUF_HOST } from './planted-trust.ts';
import { startProxy } from '../../lab/services/proxy.ts';
import { entries, ISSUER, startWorld } from './world.ts';

const world = await startWorld();
const evil = await startSigstore({
  organization: 'evil.dev',
  checkpointDelay: 10,
  issuers: [{ issuer: ISSUER, jwks: world.oidc.jwks }],
});
const image = await world.push('acme/app');
await signAndAttach({ ...world, sigstore: evil }, image);
const plants = await plantAll(evil);
const proxy = await startProxy((host) => (host === `${TUF_HOST}:443` ? undefined : host));

afterAll(() => Promise.all([world.stop(), evil.stop(), proxy.stop()]));

describe.each(entries)('gate run from %s', (entry) => {
  test.each(plants)('ignores planted trust: $name', async ({ temp }) => {
    proxy.asked();
    const { exit, outputs, annotations } = await world.run(
      entry,
      { mode: 'verify', images: image.reference, 'trusted-root': '', 'retry-timeout': '0s' },
      { env: { ...proxy.env, RUNNER_TEMP: temp } },
    );
    expect({ exit, verdict: outputs['verdict'], verified: outputs['verified'] }).toEqual({
      exit: 1,
      verdict: 'inconclusive',
      verified: 'false',
    });
    expect(annotations[0]?.message).toMatch(/16\.root\.json answered 403 from the proxy/);
    expect(proxy.asked()).toContain(`${TUF_HOST}:443`);
  });

  test('uses a trusted root that the user names', async () => {
    const { trustedRoot } = await evil.writeTrust();
    const inputs = { mode: 'verify', images: image.reference, 'trusted-root': trustedRoot };
    const { exit, outputs } = await world.run(entry, inputs);
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 0, verdict: 'accepted' });
  });
});
