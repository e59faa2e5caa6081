// A tag is written after the image is signed, stored and verified, with the identical bytes; nothing else is ever tagged.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { asked, manifestsWritten } from './seen.ts';
import { shown } from '../report/shown.ts';
import { entries, type Image, startWorld } from './world.ts';

const world = await startWorld();

beforeEach(async () => {
  await Promise.all([
    world.forget(),
    world.registry.set({ referrers: 'api', tags: 'mutable', tagLag: 0 }),
  ]);
});
afterAll(() => world.stop());

async function digestAt({ repository }: Image, tag: string): Promise<string | undefined> {
  const url = `${world.registry.url}/v2/${repository}/manifests/${tag}`;
  const { status, headers } = await fetch(url, { headers: { Accept: '*/*' } });
  return status === 200 ? (headers.get('docker-content-digest') ?? '') : undefined;
}

async function pushedTwice(repository: string): Promise<readonly [Image, Image]> {
  const old = await world.push(repository, { content: 'old', tag: 'latest' });
  const image = await world.push(repository, { content: 'new' });
  await world.forget();
  return [old, image];
}

const resultsIn = (outputs: Readonly<Record<string, string>>): unknown =>
  JSON.parse(outputs['results'] ?? '');

describe.each(entries)('signing step run from %s', (entry) => {
  test('writes new and moved tags after everything else and reports their previous digests', async () => {
    const [old, image] = await pushedTwice(`acme/${entry}-moved`);
    const name = `${world.registry.host}/${image.repository}`;
    const { exit, outputs, log, summary } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      tags: `v1\n${name}:latest\n${name}:v1`,
    });
    expect({ exit, signed: outputs['signed'] }).toEqual({ exit: 0, signed: 'true' });
    expect(await digestAt(image, 'v1')).toBe(image.digest);
    expect(await digestAt(image, 'latest')).toBe(image.digest);
    expect(outputs['tags']).toBe(`${name}:v1\n${name}:latest`);
    expect(resultsIn(outputs)).toMatchObject([
      {
        tags: [
          { tag: 'v1', after: image.digest },
          { tag: 'latest', before: old.digest, after: image.digest },
        ],
      },
    ]);
    expect(log).toContain(`Tagged ${name}:v1: new → ${image.digest}`);
    expect(log).toContain(`Tagged ${name}:latest: ${old.digest} → ${image.digest}`);
    expect(shown(summary)).toContain(old.digest);

    const requests = await world.registry.requests();
    const written = requests.filter(
      ({ method, path }) => method === 'PUT' && path.includes('/manifests/'),
    );
    const names = written.map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
    expect(names).toEqual([expect.stringMatching(/^sha256:/), 'v1', 'latest']);
    for (const { body } of written.slice(1)) expect(body).toEqual(image.bytes);
    const types = written.slice(1).map(({ headers }) => headers['content-type']);
    expect(types).toEqual([image.mediaType, image.mediaType]);

    const gate = await world.run(entry, { mode: 'verify', images: `${name}:latest` });
    expect(gate).toMatchObject({ exit: 0, outputs: { verdict: 'accepted' } });
  });

  test('tags an index and leaves its platforms unchanged', async () => {
    const platforms = ['linux/amd64', 'linux/arm64'];
    const image = await world.push(`acme/${entry}-index`, { platforms });
    const { exit } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      tags: 'v1',
    });
    expect({ exit, digest: await digestAt(image, 'v1') }).toEqual({
      exit: 0,
      digest: image.digest,
    });
  });

  test('does not tag if the signature cannot be stored', async () => {
    const [old, image] = await pushedTwice(`acme/${entry}-unstored`);
    await world.registry.fault({
      method: 'PUT',
      path: '/manifests/sha256:',
      action: { status: 403 },
    });
    const { exit, outputs, annotations } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      tags: 'v1, latest',
    });
    expect({ exit, signed: outputs['signed'], tags: outputs['tags'] }).toEqual({
      exit: 1,
      signed: 'false',
      tags: '',
    });
    expect(annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Cannot write the manifest sha256:/),
      expect.stringMatching(
        /^Cannot write ".*:v1", ".*:latest": not every signature and attestation is stored\nTo fix: /,
      ),
    ]);
    expect(await digestAt(image, 'v1')).toBeUndefined();
    expect(await digestAt(image, 'latest')).toBe(old.digest);
  });

  test('does not tag if the signature cannot be listed', async () => {
    const [, image] = await pushedTwice(`acme/${entry}-unlisted`);
    await world.registry.set({ referrers: 'none' });
    await world.registry.fault({
      method: 'PUT',
      path: '/manifests/sha256-',
      action: { status: 409 },
    });
    const { exit } = await world.run(entry, { mode: 'sign', images: image.reference, tags: 'v1' });
    expect(exit).toBe(1);
    expect(await digestAt(image, 'v1')).toBeUndefined();
  });

  test('tags if the attestation is recorded at GitHub', async () => {
    const [, image] = await pushedTwice(`acme/${entry}-github`);
    const { exit } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      stores: 'github',
      tags: 'v1',
    });
    expect({ exit, digest: await digestAt(image, 'v1') }).toEqual({
      exit: 0,
      digest: image.digest,
    });
    expect(await manifestsWritten(world.registry)).toEqual([
      `PUT /v2/${image.repository}/manifests/v1`,
    ]);
  });

  test('does not tag if GitHub rejects the attestation', async () => {
    const [, image] = await pushedTwice(`acme/${entry}-refused`);
    await world.github.fault({ method: 'POST', path: 'attestations', action: { status: 403 } });
    const { exit } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      stores: 'registry, github',
      tags: 'v1',
    });
    expect(exit).toBe(1);
    expect(await digestAt(image, 'v1')).toBeUndefined();
  });

  test('tags once if the response is lost', async () => {
    const [, image] = await pushedTwice(`acme/${entry}-lost`);
    await world.registry.fault({
      method: 'PUT',
      path: '/manifests/v1$',
      times: 1,
      action: { reset: true, processed: true },
    });
    const { exit, annotations } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      tags: 'v1',
    });
    expect({ exit, annotations }).toEqual({ exit: 0, annotations: [] });
    const put = `PUT /v2/${image.repository}/manifests/v1`;
    expect((await asked(world.registry)).filter((each) => each === put)).toHaveLength(1);
    expect(await digestAt(image, 'v1')).toBe(image.digest);
  });

  test('writes the other tags if the registry does not allow one to be moved', async () => {
    const [old, image] = await pushedTwice(`acme/${entry}-immutable`);
    await world.registry.set({ tags: 'immutable' });
    const { exit, outputs, annotations } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      tags: 'latest, v1',
    });
    expect({ exit, signed: outputs['signed'] }).toEqual({ exit: 1, signed: 'true' });
    expect(annotations).toHaveLength(1);
    expect(annotations[0]?.message).toMatch(
      new RegExp(
        `^Cannot move tag "latest" from ${old.digest} in ".*": PUT .* answered 403 DENIED\nTo fix: if the registry makes tags immutable, `,
      ),
    );
    expect(await digestAt(image, 'latest')).toBe(old.digest);
    expect(await digestAt(image, 'v1')).toBe(image.digest);
  });

  test('sends no request for a tag in a repository of no image', async () => {
    const [, image] = await pushedTwice(`acme/${entry}-foreign`);
    const { exit, annotations } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      tags: 'ghcr.io/acme/other:v1',
    });
    expect(exit).toBe(1);
    expect(annotations.map(({ message }) => message)).toEqual([
      expect.stringContaining(
        '"ghcr.io/acme/other:v1" is a tag in "ghcr.io/acme/other", which no image of this step is in',
      ),
    ]);
    expect(await asked(world.registry)).toEqual([]);
    expect(await asked(world.sigstore)).toEqual([]);
  });

  test('signs nothing if a tag cannot be read', async () => {
    const [, image] = await pushedTwice(`acme/${entry}-unreadable`);
    await world.registry.fault({
      method: 'GET',
      path: '/manifests/v1$',
      action: { status: 403 },
    });
    const { exit, annotations } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      tags: 'v1',
    });
    expect(exit).toBe(1);
    expect(annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Cannot read the manifest v1 from .* answered 403/),
    ]);
    expect(await asked(world.sigstore, 'rekor-v2')).toEqual([]);
  });

  test('reports one problem if the registry allows neither signature nor tag', async () => {
    const [, image] = await pushedTwice(`acme/${entry}-denied`);
    await world.registry.fault({ path: 'blobs/uploads', action: { status: 403 } });
    const { annotations } = await world.run(entry, {
      mode: 'sign',
      images: image.reference,
      tags: 'v1',
    });
    expect(annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Cannot push to /),
    ]);
  });
});
