// Reading and uploading blobs: changed content, size limits, lost uploads.
import { describe, expect, test } from '@jest/globals';

import { type Digest, digestOf } from '../../src/model/digest.ts';
import { readBlob } from '../../src/registry/content.ts';
import { ensureBlob, finishUpload, startUpload } from '../../src/registry/upload.ts';
import { type Answer, serveInOrder } from '../../lab/services/loopback.ts';
import { putBlob } from '../../lab/services/image.ts';
import { defaultSettings } from '../../lab/services/registry/settings.ts';
import { connect, PASSWORD, problemOf } from './connect.ts';
import { answering, client, registry } from './content-fixture.ts';

const seen = async (): Promise<readonly string[]> =>
  (await registry.requests()).map(
    ({ method, path, status }) =>
      `${method} ${path.replace(/\/[0-9a-f-]{36}.*/, '/SESSION')} ${String(status)}`,
  );

const options = { signal: new AbortController().signal, onBytes: () => undefined };

describe('a blob', () => {
  const bytes = Buffer.from('a bundle');

  test('is read without credentials from the storage that the registry redirects to', async () => {
    await registry.set({ auth: 'basic', blobs: 'storage' });
    const target = {
      ...registry,
      username: defaultSettings.username,
      password: defaultSettings.password,
    };
    const stored = (await putBlob(target, 'acme/app', bytes)) as Digest;
    expect(
      await readBlob(
        connect(registry.host, 'acme/app', { credentials: PASSWORD }),
        stored,
        100,
        options,
      ),
    ).toEqual(bytes);
    expect((await registry.requests()).at(-1)).toMatchObject({ server: 'storage', status: 200 });
  });

  test('is rejected if it was changed in transit', async () => {
    const stored = (await putBlob(registry, 'acme/app', bytes)) as Digest;
    await registry.fault({ method: 'GET', path: '/blobs/', action: { corrupt: true } });
    expect(await problemOf(readBlob(client, stored, 100, options))).toMatchObject({
      code: 'DIGEST_MISMATCH',
    });
  });

  test('is read up to the size limit', async () => {
    const stored = (await putBlob(registry, 'acme/app', bytes)) as Digest;
    expect(await readBlob(client, stored, bytes.length, options)).toEqual(bytes);
    expect(await problemOf(readBlob(client, stored, bytes.length - 1, options))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
  });

  test('is reported as a registry error if it is missing', async () => {
    expect(
      await problemOf(readBlob(client, digestOf(Buffer.from('missing')), 100, options)),
    ).toMatchObject({
      code: 'SERVICE_REFUSED',
      message: expect.stringContaining('answered 404 BLOB_UNKNOWN'),
    });
  });
});

describe('an upload', () => {
  test('is one session, and none for an existing blob', async () => {
    const bytes = Buffer.from('uploaded once');
    await ensureBlob(client, bytes);
    await ensureBlob(client, bytes);
    const [path, sent] = [`/v2/acme/app/blobs/${digestOf(bytes)}`, await seen()];
    expect(sent).toEqual([
      `HEAD ${path} 404`,
      'POST /v2/acme/app/blobs/uploads/ 202',
      'PUT /v2/acme/app/blobs/uploads/SESSION 201',
      `HEAD ${path} 200`,
    ]);
    expect((await registry.requests())[2]?.path).toMatch(
      /\?_state=[0-9a-f]+%2Bstate&digest=sha256%3A[0-9a-f]{64}$/,
    );
  });

  test('is sent if the registry answers a web page instead of whether it is there', async () => {
    const bytes = Buffer.from('not there');
    const action = { status: 200, headers: { 'content-type': 'text/html' } };
    await registry.fault({ method: 'HEAD', path: '/blobs/', action });
    await ensureBlob(client, bytes);
    expect(await readBlob(client, digestOf(bytes), 100, options)).toEqual(bytes);
  });

  test.each([404, 416])('with a lost session (%i) is started again once', async (status) => {
    const bytes = Buffer.from(`lost ${String(status)}`);
    await registry.fault({ method: 'PUT', path: '/uploads/', times: 1, action: { status } });
    await finishUpload(client, await startUpload(client), bytes);
    expect(await readBlob(client, digestOf(bytes), 100, options)).toEqual(bytes);
    await registry.fault({ method: 'PUT', path: '/uploads/', action: { status } });
    expect(
      await problemOf(startUpload(client).then((upload) => finishUpload(client, upload, bytes))),
    ).toMatchObject({ code: 'SERVICE_REFUSED' });
  });

  test('is sent to the location that the registry names, without credentials if that is another host', async () => {
    const storage = await serveInOrder({ status: 201 });
    const server = await serveInOrder(
      { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } },
      { status: 202, headers: { location: new URL('/put', storage.url).href } },
    );
    const one = connect(server.url.host, 'acme/app', { credentials: PASSWORD });
    await finishUpload(one, await startUpload(one), Buffer.from('x'));
    expect(storage.asked).toMatchObject([
      {
        method: 'PUT',
        path: `/put?digest=${encodeURIComponent(digestOf(Buffer.from('x')))}`,
        body: 'x',
      },
    ]);
    expect(storage.asked[0]?.headers).not.toHaveProperty('authorization');
  });

  test.each<[string, Answer]>([
    ['no location', { status: 202 }],
    ['a location that is not an address', { status: 202, headers: { location: 'http://[' } }],
  ])('with %s is rejected', async (_, answer) => {
    expect(await problemOf(startUpload(await answering(answer)))).toMatchObject({
      kind: 'service',
      code: 'SERVICE_ANSWER',
      message: expect.stringContaining('gave no Location for the upload'),
    });
  });

  test.each([200, 201, 404])('does not start with status %i', async (status) => {
    expect(await problemOf(startUpload(await answering({ status })))).toMatchObject({
      code: 'SERVICE_REFUSED',
    });
  });
});
