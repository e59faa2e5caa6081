// With "recursive", one statement is about an index and all of its manifests, and is attached to each of them.
import { readFile } from 'node:fs/promises';

import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { INDEX, putManifest } from '../../lab/services/image.ts';
import { asked, counted, manifestsWritten } from './seen.ts';
import { entries, type Image, LOGIN, startWorld } from './world.ts';

interface Bundle {
  readonly dsseEnvelope: { readonly payload: string };
}

const EIGHT = ['amd64', 'arm64', 'arm/v6', 'arm/v7', '386', 'ppc64le', 's390x', 'riscv64'].map(
  (architecture) => `linux/${architecture}`,
);
const world = await startWorld();

beforeEach(() => world.forget());
afterAll(() => world.stop());

/** Without the keys of the token's issuer, which the certificate authority fetches. */
async function requestCount(): Promise<number> {
  const keys = (await asked(world.oidc)).filter((each) => each.includes('jwks')).length;
  return Object.values(await counted(world)).reduce((sum, count) => sum + count) - keys;
}

const below = ({ platforms, attestations }: Image): readonly string[] => [
  ...Object.values(platforms),
  ...Object.values(attestations),
];

async function statementsIn(file: string): Promise<readonly { subject: readonly object[] }[]> {
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  return lines
    .map((line) => JSON.parse(line) as Bundle)
    .map(({ dsseEnvelope: { payload } }) => Buffer.from(payload, 'base64').toString())
    .map((text) => JSON.parse(text) as { subject: readonly object[] });
}

describe.each(entries)('signing step run from %s', (entry) => {
  test('signs an index, its platforms and their attestation manifests, and the gate accepts all of them', async () => {
    const image = await world.push('acme/app', { content: entry, platforms: EIGHT });
    const digests = [image.digest, ...below(image)];
    await world.forget();
    const { exit, outputs, log } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      recursive: 'true',
    });
    expect(exit).toBe(0);
    expect(outputs).toMatchObject({ signed: 'true', images: image.reference });
    expect(log).toContain(`Signed ${image.reference} and 16 manifests of its index: signature`);
    expect(outputs['verify-commands']?.split('\n')).toHaveLength(1);
    const statements = await statementsIn(outputs['bundle-path'] ?? '');
    const name = `${world.registry.host}/acme/app`;
    expect(statements.map(({ subject }) => subject)).toEqual([
      digests.map((digest) => ({ name, digest: { sha256: digest.slice(7) }, annotations: {} })),
    ]);

    expect(await requestCount()).toBeLessThanOrEqual(50);
    const uploads = (await asked(world.registry)).filter((each) => /^PUT .*uploads/.test(each));
    // The bundle and, in a repository without one, the empty config.
    expect(uploads.length).toBeLessThanOrEqual(2);
    expect(await manifestsWritten(world.registry)).toHaveLength(17);

    const images = digests.map((digest) => `${name}@${digest}`).join('\n');
    expect(await world.run(entry, { mode: 'verify', images })).toMatchObject({
      exit: 0,
      outputs: { verdict: 'accepted', images },
    });
  });

  test('sends at most thirty requests for an index of eight platforms', async () => {
    const platforms = await Promise.all(
      EIGHT.map((platform) => world.push('acme/bare', { content: `${platform} ${entry}` })),
    );
    const index = {
      schemaVersion: 2,
      mediaType: INDEX,
      manifests: platforms.map(({ digest, mediaType, bytes }) => ({
        mediaType,
        digest,
        size: bytes.length,
      })),
    };
    const target = { ...world.registry, ...LOGIN };
    const digest = await putManifest(target, 'acme/bare', index, INDEX);
    await world.forget();
    const images = `${world.registry.host}/acme/bare@${digest}`;
    const { exit } = await world.run(entry, { mode: 'sign', images, recursive: 'true' });
    expect(exit).toBe(0);
    expect(await manifestsWritten(world.registry)).toHaveLength(9);
    expect(await requestCount()).toBeLessThanOrEqual(30);
  });

  test('signs an image without platforms as it does without "recursive"', async () => {
    const image = await world.push('acme/plain', { content: entry });
    const { exit, outputs } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      recursive: 'true',
    });
    expect(exit).toBe(0);
    const [statement] = await statementsIn(outputs['bundle-path'] ?? '');
    expect(statement?.subject).toHaveLength(1);
  });

  test('signs one statement of each type for two repositories and GitHub, and records it once', async () => {
    const platforms = EIGHT.slice(0, 2);
    const image = await world.push('acme/two', { content: entry, platforms });
    const copy = await world.push('mirror/two', { content: entry, platforms });
    await world.forget();
    const { exit, outputs } = await world.run(entry, {
      mode: 'sign',
      images: `${image.reference}\n${copy.reference}`,
      recursive: 'true',
      stores: 'registry, github',
    });
    expect(exit).toBe(0);
    expect(outputs['images']).toBe(`${image.reference}\n${copy.reference}`);
    expect(await asked(world.sigstore, 'rekor-v2')).toHaveLength(2);
    expect(await manifestsWritten(world.registry)).toHaveLength(20);
    const posts = (await asked(world.github)).filter((each) => each.startsWith('POST '));
    expect(posts).toHaveLength(1);
    const [platform = ''] = below(copy);
    const inMirror = `${world.registry.host}/mirror/two@${platform}`;
    expect(
      await world.run(entry, {
        mode: 'verify',
        images: inMirror,
        require: 'signature\nprovenance',
      }),
    ).toMatchObject({ exit: 0, outputs: { verdict: 'accepted' } });
  });

  test('leaves the platforms unsigned without "recursive"', async () => {
    const image = await world.push('acme/flat', {
      content: `flat ${entry}`,
      platforms: EIGHT.slice(0, 1),
    });
    expect(await world.run(entry, { mode: 'sign', images: image.reference })).toMatchObject({
      exit: 0,
    });
    const [platform = ''] = below(image);
    const images = `${world.registry.host}/acme/flat@${platform}`;
    expect(await world.run(entry, { mode: 'verify', images })).toMatchObject({
      exit: 1,
      outputs: { verdict: 'unattested' },
    });
  });
});
