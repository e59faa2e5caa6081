// `signature-repository`: the image stays in its repository, and its signatures are stored and found in another one, as with cosign's COSIGN_REPOSITORY.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { asked, manifestsWritten } from './seen.ts';
import { entries, type Image, startWorld } from './world.ts';

const world = await startWorld();
const { host } = world.registry;

beforeEach(async () => {
  await Promise.all([
    world.forget(),
    world.registry.set({ referrers: 'api', auth: 'none', missingSubject: 'accepted' }),
  ]);
});
afterAll(() => world.stop());

async function read(path: string): Promise<unknown> {
  const response = await fetch(`${world.registry.url}/v2/${path}`, { headers: { Accept: '*/*' } });
  return response.ok ? response.json() : response.status;
}

const listed = (repository: string, { digest }: Image): Promise<unknown> =>
  read(`${repository}/referrers/${digest}`);
const tagOf = ({ digest }: Image): string => digest.replace(':', '-');

describe.each(entries)('signing step run from %s', (entry) => {
  const place = `acme/${entry}-signatures`;
  const elsewhere = { 'signature-repository': `${host}/${place}` };

  test('stores bundles and tags of cosign v2 in "signature-repository", and the gate finds them', async () => {
    const image = await world.push(`acme/${entry}-api`);
    await world.forget();
    const { exit, outputs } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      attestations: 'provenance',
      ...elsewhere,
    });
    expect({ exit, signed: outputs['signed'] }).toEqual({ exit: 0, signed: 'true' });
    const [result] = JSON.parse(outputs['results'] ?? '') as [
      { image: string; bundles: { stored: { place: string }[] }[] },
    ];
    expect(result.image).toBe(image.reference);
    for (const { stored } of result.bundles)
      expect(stored.map((each) => each.place)).toEqual([
        expect.stringMatching(new RegExp(`^${host}/${place}@sha256:`)),
      ]);
    expect(await listed(place, image)).toMatchObject({ manifests: [{}, {}] });
    expect(await listed(image.repository, image)).toMatchObject({ manifests: [] });
    // Nothing is written to the repository of the image, and no upload is opened there.
    expect(
      (await asked(world.registry)).filter(
        (each) => /^(PUT|POST)/.test(each) && each.includes(`/${image.repository}/`),
      ),
    ).toEqual([]);
    const [signature, provenance] = (outputs['verify-commands'] ?? '').split('\n');
    expect(signature).toMatch(
      new RegExp(`^COSIGN_REPOSITORY=${host}/${place} cosign verify .* ${image.reference}$`),
    );
    expect(provenance).toMatch(
      new RegExp(
        `^COSIGN_REPOSITORY=${host}/${place} cosign verify-attestation --type https://slsa.dev/provenance/v1 .* ${image.reference}$`,
      ),
    );

    const gate = { mode: 'verify', images: image.reference, require: 'signature, provenance' };
    expect(await world.run(entry, { ...gate, ...elsewhere })).toMatchObject({
      exit: 0,
      outputs: { verdict: 'accepted', image: image.reference },
    });
    const byVariable = { env: { COSIGN_REPOSITORY: elsewhere['signature-repository'] } };
    expect(await world.run(entry, gate, byVariable)).toMatchObject({ exit: 0 });
    const beside = await world.run(entry, gate);
    expect(beside).toMatchObject({ exit: 1, outputs: { verdict: 'unattested' } });
  });

  test('lists the signature in the fallback tag of the repository in COSIGN_REPOSITORY', async () => {
    await world.registry.set({ referrers: 'none' });
    const image = await world.push(`acme/${entry}-tag`);
    const changes = { env: { COSIGN_REPOSITORY: `${host}/${place}` } };
    const { exit } = await world.run(entry, { mode: 'sign', images: image.reference }, changes);
    expect(exit).toBe(0);
    expect(await read(`${place}/manifests/${tagOf(image)}`)).toMatchObject({ manifests: [{}] });
    expect(await read(`${image.repository}/manifests/${tagOf(image)}`)).toBe(404);
    const gate = { mode: 'verify', images: image.reference };
    expect(await world.run(entry, { ...gate, ...elsewhere })).toMatchObject({
      exit: 0,
      outputs: { verdict: 'accepted' },
    });
  });

  test('searches only "signature-repository" in the gate', async () => {
    const image = await world.push(`acme/${entry}-beside`, { content: `${entry} beside` });
    await world.run(entry, { mode: 'sign', images: image.reference });
    const { outputs, log } = await world.run(entry, {
      mode: 'verify',
      images: image.reference,
      ...elsewhere,
    });
    expect(outputs['verdict']).toBe('unattested');
    expect(log).toContain(`searched ${host}/${place} referrers API: 0 listed`);
    expect(log).toContain(`searched ${host}/${place} tag ${tagOf(image)}.sig: absent`);
    expect(log).not.toContain(`searched ${host}/${image.repository} `);
  });

  test('stores one bundle for copies of an image in two repositories', async () => {
    const copies = [
      await world.push(`acme/${entry}-one`, { content: 'copied' }),
      await world.push(`acme/${entry}-two`, { content: 'copied' }),
    ];
    await world.forget();
    const { exit, outputs } = await world.run(entry, {
      mode: 'sign',
      images: copies.map(({ reference }) => reference).join('\n'),
      'signature-repository': `${host}/acme/${entry}-copies`,
    });
    expect(exit).toBe(0);
    expect(await manifestsWritten(world.registry)).toHaveLength(1);
    const results = JSON.parse(outputs['results'] ?? '') as {
      bundles: { stored: unknown[] }[];
    }[];
    expect(results.map(({ bundles }) => bundles.map(({ stored }) => stored.length))).toEqual([
      [1],
      [1],
    ]);
  });

  test('requests no push access to the repository of the image', async () => {
    await world.registry.set({ auth: 'bearer' });
    const image = await world.push(`acme/${entry}-read-only`);
    await world.forget();
    const { exit } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      'registry-username': 'octocat',
      'registry-password': 'correct horse battery staple',
      ...elsewhere,
    });
    expect(exit).toBe(0);
    const scopes = (await world.registry.requests()).flatMap(({ path }) =>
      new URL(path, world.registry.url).searchParams.getAll('scope'),
    );
    expect(scopes.sort()).toEqual([
      `repository:${image.repository}:pull`,
      `repository:${place}:pull,push`,
    ]);
  });

  test('fails with a remedy if the registry requires the image next to its signature', async () => {
    await world.registry.set({ missingSubject: 'refused' });
    const image = await world.push(`acme/${entry}-refused`);
    const { exit, annotations } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      tags: 'v1',
      ...elsewhere,
    });
    expect(exit).toBe(1);
    expect(annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^Cannot write the manifest sha256:\\w+ to "${host}/${place}": PUT .* answered 400 MANIFEST_INVALID\nTo fix: the registry may not accept signatures of an image that is in another repository`,
        ),
      ),
      expect.stringContaining('not every signature and attestation is stored'),
    ]);
  });

  test('writes the tag in the repository of the image', async () => {
    const image = await world.push(`acme/${entry}-tagged`);
    await world.forget();
    const { exit } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      tags: 'v1',
      ...elsewhere,
    });
    expect(exit).toBe(0);
    const [referrer, tag] = await manifestsWritten(world.registry);
    expect(referrer).toContain(`PUT /v2/${place}/manifests/sha256:`);
    expect(tag).toBe(`PUT /v2/${image.repository}/manifests/v1`);
  });
});
