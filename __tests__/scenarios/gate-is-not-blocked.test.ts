// Invalid bundles and broken places next to a valid bundle do not matter: anyone with push access can add them, and one valid place is enough.
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import type { Fault } from '../../lab/services/start.ts';
import { attach, listInTag, signAndAttach } from './attach.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const image = await world.push('acme/app', { tag: 'v1' });
const junk = [
  await attach(world, image, 'no JSON at all'),
  await attach(world, image, '[]'),
  await attach(world, image, '{"verificationMaterial":{}}'),
  await attach(world, image, '{}', 'application/spdx+json'),
  await signAndAttach(world, image, { digest: `sha256:${'ab'.repeat(32)}` }),
  await signAndAttach(world, image, { claims: { repository: 'evil/app' } }),
];
const corrupt = await attach(world, image, '{"mediaType":"to be corrupted"}');
const good = await signAndAttach(world, image);
await listInTag(world, image, [corrupt, good]);

/** Accepts connections, and never answers. */
const silent = createServer().listen(0, '127.0.0.1');

beforeEach(() => world.forget());
afterAll(async () => {
  silent.close();
  await world.stop();
});

const broken = { status: 403, body: 'forbidden' };
const tag = `/manifests/${image.digest.replace(':', '-')}`;
const faults: readonly (readonly [string, 'registry' | 'github', Fault])[] = [
  [
    'a corrupted blob of another candidate',
    'registry',
    { path: `/blobs/${corrupt.blob}`, action: { corrupt: true } },
  ],
  [
    'a candidate that it is not allowed to read',
    'registry',
    { path: `/manifests/${corrupt.digest}`, action: broken },
  ],
  ['a broken GitHub API', 'github', { path: '', action: { status: 500, body: 'oops' } }],
  ['a GitHub API that never answers', 'github', { path: '', action: { hang: true } }],
  [
    'a Referrers API that returns invalid entries',
    'registry',
    { path: '/referrers/', action: broken },
  ],
  [
    'a Referrers API that never answers',
    'registry',
    { path: '/referrers/', action: { hang: true } },
  ],
  [
    'a Referrers API of junk',
    'registry',
    {
      path: '/referrers/',
      action: {
        status: 200,
        headers: { 'Content-Type': 'application/vnd.oci.image.index.v1+json' },
        body: '{"manifests":[null,{"digest":1}]}',
      },
    },
  ],
  ['a broken fallback tag', 'registry', { path: tag, action: broken }],
  ['a fallback tag that never answers', 'registry', { path: tag, action: { hang: true } }],
];

describe.each(entries)('gate run from %s', (entry) => {
  test(`accepts a valid bundle next to ${junk.length} invalid referrers`, async () => {
    // In the same list, and the smaller ones are verified before it.
    await world.registry.fault({ path: tag, action: { status: 404 } });
    const { exit, outputs, log } = await world.run(entry, {
      mode: 'verify',
      images: image.reference,
    });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 0, verdict: 'accepted' });
    expect(log).toContain('BUNDLE_MALFORMED');
  });

  test.each(faults)('accepts a valid bundle next to %s', async (_what, service, fault) => {
    await world[service].fault(fault);
    const { exit, outputs } = await world.run(entry, {
      mode: 'verify',
      images: image.reference,
      'retry-timeout': '0s',
    });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 0, verdict: 'accepted' });
  });

  test('ends with its verdict although a proxy never answers', async () => {
    const { exit, outputs, milliseconds } = await world.run(
      entry,
      { mode: 'verify', images: image.reference },
      {
        env: {
          GITHUB_API_URL: 'https://api.github.example',
          HTTPS_PROXY: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
          NO_PROXY: '127.0.0.1',
        },
      },
    );
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 0, verdict: 'accepted' });
    // An attempt has 30 s.
    expect(milliseconds).toBeLessThan(20_000);
  });

  test('accepts a valid bundle next to a fallback tag that fails before the Referrers API responds', async () => {
    await world.registry.fault({ path: tag, action: broken });
    await world.registry.fault({ path: '/referrers/', action: { delay: 1000 } });
    const { exit, outputs } = await world.run(entry, {
      mode: 'verify',
      images: image.reference,
      'retry-timeout': '0s',
    });
    expect({ exit, verdict: outputs['verdict'] }).toEqual({ exit: 0, verdict: 'accepted' });
  });
});
