// A dry run: everything that can fail is tried, and nothing is signed, logged, stored or tagged.
import { createHash, generateKeyPairSync } from 'node:crypto';

import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { asked, manifestsWritten } from './seen.ts';
import { entries, type Inputs, startWorld } from './world.ts';

const world = await startWorld();

beforeEach(() => world.forget());
afterAll(() => world.stop());

const IDENTITY = 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main';

async function expectNothingWritten(): Promise<void> {
  expect(await asked(world.sigstore)).toEqual([]);
  expect(await manifestsWritten(world.registry)).toEqual([]);
}

describe.each(entries)('signing step run from %s', (entry) => {
  const dryRun = (images: string, inputs: Inputs = {}): ReturnType<typeof world.run> =>
    world.run(entry, { mode: 'sign', images, 'dry-run': 'true', ...inputs });

  test('reports what a dry run would sign, log, store and tag', async () => {
    const { reference, digest } = await world.push('acme/app', { content: `${entry} dry` });
    const { exit, outputs, log, summary } = await dryRun(reference, {
      stores: 'registry,github',
      tags: 'v1',
    });
    expect(exit).toBe(0);
    expect(outputs).toMatchObject({
      signed: 'false',
      'skip-reason': 'dry-run',
      digest,
      image: reference,
    });
    const host = world.registry.host;
    for (const line of [
      `Would sign ${reference}: signature`,
      `Would sign ${reference}: provenance`,
      `Would sign as ${IDENTITY}`,
      `Would use ${world.sigstore.fulcio}`,
      `Would store in ${host}/acme/app`,
      'Would store in attestations of acme/app',
      `Would tag ${host}/acme/app:v1: new → ${digest}`,
    ])
      expect(log).toContain(line);
    expect(summary).toContain('Dry run: nothing was signed');
    expect(JSON.parse(outputs['results'] ?? '')).toMatchObject([
      { digest, planned: [{ foundAt: [] }, { foundAt: [] }], tags: [{ tag: 'v1' }] },
    ]);
  });

  test('writes nothing and requests no certificate in a dry run', async () => {
    const { reference } = await world.push('acme/app', { content: `${entry} nothing` });
    await world.forget();
    await dryRun(reference, { stores: 'registry,github', tags: 'v2' });
    expect(await asked(world.sigstore)).toEqual([]);
    expect(await manifestsWritten(world.registry)).toEqual([]);
    const writes = (await asked(world.github)).filter((each) => !each.startsWith('GET'));
    expect(writes).toEqual([]);
  });

  test("reports both formats in a dry run, and cosign v2's tags as a place", async () => {
    const { reference } = await world.push('acme/app', { content: `${entry} formats` });
    await world.forget();
    const { exit, log, outputs } = await dryRun(reference, {
      sigstore: world.trust.signingConfigs.both,
      'signature-format': 'bundle, legacy',
    });
    expect(exit).toBe(0);
    for (const line of [
      `Would sign ${reference}: signature`,
      `Would sign ${reference}: signature in cosign v2's format`,
      `Would use ${world.sigstore.rekorV1}`,
      `Would store in ${world.registry.host}/acme/app (cosign v2)`,
    ])
      expect(log.split('\n')).toContain(line);
    expect(JSON.parse(outputs['results'] ?? '')).toMatchObject([
      { planned: [{ format: 'bundle' }, { format: 'legacy' }] },
    ]);
    await expectNothingWritten();
  });

  test('reports the key in a dry run, and requests no token', async () => {
    const { reference } = await world.push('acme/app', { content: `${entry} key` });
    await world.forget();
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { exit, log } = await dryRun(reference, {
      key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    });
    expect(exit).toBe(0);
    const spki = publicKey.export({ format: 'der', type: 'spki' });
    const fingerprint = createHash('sha256').update(spki).digest('hex');
    expect(log).toContain(`Would sign as sha256:${fingerprint}`);
    expect(log).not.toContain(world.sigstore.fulcio);
    expect(await asked(world.oidc)).toEqual([]);
    await expectNothingWritten();
  });

  test.each(['bundle', 'legacy'])(
    'reports in a dry run everything below an index, format %s',
    async (format) => {
      const platforms = ['linux/amd64', 'linux/arm64'];
      const { reference } = await world.push('acme/app', { content: entry + format, platforms });
      await world.forget();
      const { exit, outputs, log } = await dryRun(reference, {
        recursive: 'true',
        'signature-format': format,
        sigstore: world.trust.signingConfigs.both,
      });
      expect(exit).toBe(0);
      expect(log).toContain(`Would sign ${reference} and 4 manifests of its index: signature`);
      const results = JSON.parse(outputs['results'] ?? '') as { planned: object[] }[];
      // The index, two platforms and what BuildKit attests of each.
      expect(results.map(({ planned }) => planned)).toMatchObject(Array(5).fill([{ format }]));
      await expectNothingWritten();
    },
  );

  test('reports in a dry run what is already signed', async () => {
    const { reference } = await world.push('acme/app', { content: `${entry} before` });
    await world.run(entry, { mode: 'sign', images: reference });
    const { log } = await dryRun(reference);
    expect(log).toContain(`Already signed: ${reference}: signature, at ${world.registry.host}/`);
    expect(log).not.toContain('Would sign');
  });

  test('fails in a dry run if signing would fail', async () => {
    const missing = `${world.registry.host}/acme/app@sha256:${'0'.repeat(64)}`;
    const { exit, annotations, outputs } = await dryRun(missing);
    expect(exit).toBe(1);
    expect(outputs['signed']).toBe('false');
    expect(annotations[0]?.message).toMatch(/^Cannot sign ".*": the registry has no such manifest/);
  });
});
