// Uploads where a registry does not take a blob in one request, and copies between its repositories.
import { describe, expect, test } from '@jest/globals';

import { digestOf } from '../../src/model/digest.ts';
import { readBlob } from '../../src/registry/content.ts';
import { SharedBlobs } from '../../src/registry/shared-blobs.ts';
import { finishUpload, mountBlob, startUpload } from '../../src/registry/upload.ts';
import type { RegistryClient } from '../../src/registry/client.ts';
import { serveInOrder } from '../../lab/services/loopback.ts';
import type { RegistrySettings } from '../../lab/services/registry/settings.ts';
import { startRegistry } from '../../lab/services/start.ts';
import { connect, PASSWORD, problemOf } from './connect.ts';
import { client, registry } from './content-fixture.ts';

const MIB = 1 << 20;
const options = { signal: new AbortController().signal, onBytes: () => undefined };

let count = 0;
const blobOf = (size: number): Buffer => Buffer.alloc(size, `blob ${count++}`);

const upload = async (to: RegistryClient, bytes: Buffer): Promise<void> =>
  finishUpload(to, await startUpload(to), bytes);

/** Jest compares megabytes byte by byte. */
const isThere = async (from: RegistryClient, bytes: Buffer): Promise<boolean> =>
  (await readBlob(from, digestOf(bytes), 2 * MIB, options)).equals(bytes);

const sent = async (): Promise<readonly string[]> =>
  (await registry.requests()).map(({ method, path, headers, status }) => {
    const [where = ''] = path.replace(/\/[0-9a-f-]{36}/, '/SESSION').split(/[?&](?:_state|mount)=/);
    return [method, where, headers['content-range'] ?? '', status].filter(Boolean).join(' ');
  });

describe('an upload in parts', () => {
  test.each<[string, Partial<RegistrySettings>, number]>([
    ['a registry that accepts nothing else', { uploads: 'in-parts' }, 405],
    ['a proxy that limits the body of a request', { largestBody: MIB }, 413],
  ])('stores a blob in %s', async (_, settings, refusal) => {
    const bytes = blobOf(MIB + 100);
    await registry.set(settings);
    await upload(client, bytes);
    const uploads = '/v2/acme/app/blobs/uploads/';
    expect(await sent()).toEqual([
      `POST ${uploads} 202`,
      `PUT ${uploads}SESSION ${refusal}`,
      `POST ${uploads} 202`,
      `PATCH ${uploads}SESSION 0-524287 202`,
      `PATCH ${uploads}SESSION 524288-1048575 202`,
      `PATCH ${uploads}SESSION 1048576-1048675 202`,
      `PUT ${uploads}SESSION 201`,
    ]);
    expect(await isThere(client, bytes)).toBe(true);
  });

  test('starts again once if the response to a part is lost', async () => {
    const bytes = blobOf(MIB);
    const retrying = connect(registry.host, 'acme/app', { retryTimeout: 5000 });
    const lost = { method: 'PATCH', path: '', action: { reset: true, processed: true } } as const;
    await registry.set({ uploads: 'in-parts' });
    await registry.fault({ ...lost, times: 1 });
    await upload(retrying, bytes);
    expect(await isThere(client, bytes)).toBe(true);

    await registry.fault({ method: 'PATCH', path: '', action: { status: 416 } });
    expect(await problemOf(upload(client, blobOf(10)))).toMatchObject({
      code: 'SERVICE_REFUSED',
      message: expect.stringMatching(
        /^Cannot push a part of a blob to "127.*\/acme\/app": PATCH .* answered 416$/,
      ),
    });
  });

  test.each([
    [416, 2],
    [501, 1],
  ])('is used if the registry answers %i to a whole blob', async (status, times) => {
    const bytes = blobOf(MIB);
    await registry.fault({ method: 'PUT', path: '/blobs/uploads/', times, action: { status } });
    await upload(client, bytes);
    expect(await isThere(client, bytes)).toBe(true);
  });

  test('has parts of the size that the registry requires', async () => {
    const bytes = blobOf(MIB + 1);
    const at = (length: number): object => ({ location: '/up', 'oci-chunk-min-length': length });
    const server = await serveInOrder(
      { status: 202, headers: { location: '/up' } },
      { status: 405 },
      { status: 202, headers: { ...at(MIB) } },
      { status: 202, headers: { location: '/up/2' } },
      { status: 202, headers: { location: '/up/3?state=x' } },
      { status: 201 },
    );
    await upload(connect(server.url.host, 'acme/app'), bytes);
    expect(server.asked.map(({ method, path, body }) => [method, path, body.length])).toEqual([
      ['POST', '/v2/acme/app/blobs/uploads/', 0],
      ['PUT', `/up?digest=${encodeURIComponent(digestOf(bytes))}`, MIB + 1],
      ['POST', '/v2/acme/app/blobs/uploads/', 0],
      ['PATCH', '/up', MIB],
      ['PATCH', '/up/2', 1],
      ['PUT', `/up/3?state=x&digest=${encodeURIComponent(digestOf(bytes))}`, 0],
    ]);
  });
});

describe('a blob for several repositories', () => {
  const to = (path: string): RegistryClient =>
    connect(registry.host, path, { credentials: PASSWORD });
  const putIn = (blobs: SharedBlobs, one: RegistryClient, bytes: Buffer): Promise<void> =>
    blobs.put(one, bytes, () => upload(one, bytes));

  test.each<['none' | 'bearer']>([['none'], ['bearer']])(
    'is uploaded once and copied, with a login by %s',
    async (auth) => {
      await registry.set({ auth });
      const bytes = blobOf(MIB);
      const blobs = new SharedBlobs();
      const clients = ['acme/app', 'acme/two', 'acme/three'].map(to);
      // As a step does before it signs.
      await Promise.all(clients.map(startUpload));
      await Promise.all(clients.map((one) => putIn(blobs, one, bytes)));
      const all = await sent();
      expect(all.filter((each) => each.endsWith(' 201')).sort()).toEqual([
        'POST /v2/acme/three/blobs/uploads/ 201',
        'POST /v2/acme/two/blobs/uploads/ 201',
        'PUT /v2/acme/app/blobs/uploads/SESSION 201',
      ]);
      expect(await isThere(to('acme/three'), bytes)).toBe(true);
    },
  );

  test.each(['ignored', 'refused'] as const)('is uploaded if a copy is %s', async (mounts) => {
    await registry.set({ mounts });
    const bytes = blobOf(MIB);
    const blobs = new SharedBlobs();
    for (const path of ['acme/app', 'acme/two']) await putIn(blobs, to(path), bytes);
    expect((await sent()).filter((each) => each.endsWith(' 201'))).toEqual([
      'PUT /v2/acme/app/blobs/uploads/SESSION 201',
      'PUT /v2/acme/two/blobs/uploads/SESSION 201',
    ]);
  });

  test('is uploaded if the first upload failed, and if it is small', async () => {
    const [large, small] = [blobOf(MIB), blobOf(1000)];
    const blobs = new SharedBlobs();
    await registry.fault({ method: 'PUT', path: 'acme/app', times: 1, action: { status: 400 } });
    const [first, second] = await Promise.allSettled(
      ['acme/app', 'acme/two'].map((path) => putIn(blobs, to(path), large)),
    );
    expect([first?.status, second?.status]).toEqual(['rejected', 'fulfilled']);
    for (const path of ['acme/app', 'acme/two']) await putIn(blobs, to(path), small);
    expect((await sent()).filter((each) => each.endsWith(' 201'))).toEqual([
      'PUT /v2/acme/two/blobs/uploads/SESSION 201',
      'PUT /v2/acme/app/blobs/uploads/SESSION 201',
      'PUT /v2/acme/two/blobs/uploads/SESSION 201',
    ]);
  });

  test('is uploaded to each registry', async () => {
    const [bytes, blobs] = [blobOf(MIB), new SharedBlobs()];
    const other = await startRegistry();
    const there = connect(other.host, 'acme/app');
    for (const one of [to('acme/app'), there]) await putIn(blobs, one, bytes);
    expect(await isThere(there, bytes)).toBe(true);
    expect((await other.requests()).filter(({ path }) => path.includes('mount='))).toEqual([]);
    await other.stop();
  });

  test('is not copied from a repository that does not have it', async () => {
    const from = { registry: registry.host, path: 'acme/x' };
    expect(await mountBlob(client, digestOf(blobOf(10)), from)).toBe(false);
  });
});
