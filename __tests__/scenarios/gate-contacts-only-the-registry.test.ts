// With a trusted root from a file, only the registry of the image is contacted, and GitHub's API if there is a token for it.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { holderOf, newKind, pemOf } from '../../lab/bundles/keys.ts';
import { signAndAttach } from './attach.ts';
import { putLayers, signatureLayer } from './old-cosign.ts';
import { recordConnections } from './connections.ts';
import { startProxy } from '../../lab/services/proxy.ts';
import { counted } from './seen.ts';
import { entries, type Inputs, startWorld } from './world.ts';

const world = await startWorld();
const [ours, theirs, legacy] = await Promise.all(
  ['ours', 'theirs', 'legacy'].map((content) => world.push('acme/app', { content })),
);
if (!ours || !theirs || !legacy) throw new Error('no images');
const vendor = holderOf(newKind());
await signAndAttach(world, ours);
await signAndAttach(world, theirs, { claims: { repository: 'mallory/app' } });
await putLayers(world, legacy, 'sig', [await signatureLayer(world, legacy, vendor)]);
const key = join(await mkdtemp(join(tmpdir(), 'key-')), 'cosign.pub');
await writeFile(key, pemOf(vendor));

const [registry, github] = [world.registry.host, world.github.host];
const proxy = await startProxy((host) => (host === registry || host === github ? host : undefined));
const connections = await recordConnections();
const env = { ...proxy.env, ...connections.env };
const offline = { 'github-token': '' };

beforeEach(() => world.forget());
afterAll(() => Promise.all([world.stop(), proxy.stop()]));

test('the test detects a connection that bypasses the proxy', async () => {
  await world.run(
    'src',
    { mode: 'verify', images: ours.reference, ...offline },
    { env: connections.env },
  );
  expect(await connections.tried()).toEqual([registry]);
});

describe.each(entries)('gate run from %s', (entry) => {
  test.each<[string, string, Inputs, string, readonly string[]]>([
    ['accepts', ours.reference, offline, 'accepted', [registry]],
    ['rejects another signer', theirs.reference, offline, 'inconclusive', [registry]],
    ['accepts a key', legacy.reference, { ...offline, key }, 'accepted', [registry]],
    [
      'accepts a key with "insecure-ignore-tlog", which needs no root',
      legacy.reference,
      { ...offline, key, 'insecure-ignore-tlog': 'true', 'trusted-root': '' },
      'accepted',
      [registry],
    ],
    [
      'rejects another signer and has a token for GitHub',
      theirs.reference,
      {},
      'rejected',
      [registry, github].sort(),
    ],
  ])(
    'a gate that %s contacts only the registry and GitHub',
    async (_, images, inputs, verdict, hosts) => {
      const { outputs } = await world.run(
        entry,
        { mode: 'verify', images, 'retry-timeout': '0s', ...inputs },
        { env },
      );
      expect(outputs['verdict']).toBe(verdict);
      expect(proxy.asked()).toEqual(hosts);
      expect(await connections.tried()).toEqual([new URL(proxy.env.HTTP_PROXY).host]);
      expect(Object.keys(await counted(world)).sort()).toEqual(
        hosts.length === 1 ? ['registry'] : ['github', 'registry'],
      );
    },
  );

  test('a gate without a trusted root file requests only the public-good root', async () => {
    await world.run(
      entry,
      {
        mode: 'verify',
        images: ours.reference,
        'retry-timeout': '0s',
        'trusted-root': '',
        ...offline,
      },
      { env },
    );
    expect(proxy.asked()).toEqual([registry, 'tuf-repo-cdn.sigstore.dev:443']);
  });
});
