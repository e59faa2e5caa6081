// Manifests and blobs: content that does not match its digest, responses that are not manifests, lost uploads.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { type Digest, digestOf } from '../../src/model/digest.ts';
import {
  ensureBlob,
  finishUpload,
  readBlob,
  readManifest,
  startUpload,
} from '../../src/registry/content.ts';
import { type Draft, writeManifest } from '../../src/registry/write-manifest.ts';
import { OCI_MANIFEST } from '../../src/registry/media-types.ts';
import { type Answer, serveInOrder } from '../../lab/services/loopback.ts';
import { INDEX, MANIFEST, pushImage, putBlob } from '../../lab/services/image.ts';
import { defaultSettings } from '../../lab/services/registry/settings.ts';
import { startRegistry } from '../../lab/services/start.ts';
import { connect, PASSWORD, problemOf } from './connect.ts';

const registry = await startRegistry();
const image = await pushImage(registry, 'acme/app', { tag: 'v1' });
const digest = image.digest as Digest;
const client = connect(registry.host, 'acme/app');

beforeEach(async () => {
  await Promise.all([registry.set(defaultSettings), registry.clear(), registry.mend()]);
});
afterAll(() => registry.stop());

const seen = async (): Promise<readonly string[]> =>
  (await registry.requests()).map(
    ({ method, path, status }) =>
      `${method} ${path.replace(/\/[0-9a-f-]{36}.*/, '/SESSION')} ${String(status)}`,
  );
const answering = async (...answers: readonly Answer[]): Promise<typeof client> =>
  connect((await serveInOrder(...answers)).url.host, 'acme/app');

describe('a manifest', () => {
  test.each(['v1', image.digest])('is read by %s, with all types accepted', async (reference) => {
    expect(await readManifest(client, reference)).toMatchObject({
      digest,
      mediaType: MANIFEST,
      size: image.bytes.length,
      bytes: image.bytes,
      json: { schemaVersion: 2 },
    });
    expect((await registry.requests())[0]?.headers['accept']).toBe(
      [
        'application/vnd.oci.image.index.v1+json',
        'application/vnd.oci.image.manifest.v1+json',
        'application/vnd.docker.distribution.manifest.list.v2+json',
        'application/vnd.docker.distribution.manifest.v2+json',
      ].join(', '),
    );
  });

  test('that does not exist is undefined', async () => {
    expect(await readManifest(client, 'v2')).toBeUndefined();
    expect(await readManifest(connect(registry.host, 'acme/other'), 'v1')).toBeUndefined();
  });

  test('keeps a strong ETag and no weak one', async () => {
    expect(
      await readManifest(await answering({ headers: { etag: '"a"' }, body: '{}' }), 'v1'),
    ).toHaveProperty('etag', '"a"');
    expect(
      await readManifest(await answering({ headers: { etag: 'W/"a"' }, body: '{}' }), 'v1'),
    ).not.toHaveProperty('etag');
  });

  test('that says its type is of that type, whatever the registry says', async () => {
    const body = JSON.stringify({ mediaType: INDEX, manifests: [] });
    expect(
      await readManifest(
        await answering({ headers: { 'content-type': 'application/json; charset=utf-8' }, body }),
        'v1',
      ),
    ).toMatchObject({ mediaType: INDEX });
    expect(
      await readManifest(
        await answering({
          headers: { 'content-type': `${MANIFEST.toUpperCase()}; charset=utf-8` },
          body: '{}',
        }),
        'v1',
      ),
    ).toMatchObject({ mediaType: MANIFEST });
  });

  test.each<[string, string]>([
    ['by digest', image.digest],
    ['by tag, when the registry names the digest', 'v1'],
  ])('that was changed on the way is refused %s', async (_, reference) => {
    await registry.fault({ method: 'GET', path: '/manifests/', action: { corrupt: true } });
    const { code, message, remedy } = await problemOf(readManifest(client, reference));
    expect(code).toBe('DIGEST_MISMATCH');
    expect(message).toMatch(
      new RegExp(
        `^Cannot trust "${registry.host}/acme/app": requested ${digest}, but the content returned has digest sha256:[0-9a-f]{64}$`,
      ),
    );
    expect(remedy).toContain('do not deploy this image');
  });

  test('whose digest the registry misnames is refused by tag, and by digest the bytes decide', async () => {
    const answer = {
      headers: { 'docker-content-digest': digestOf(Buffer.from('other')) },
      body: image.bytes,
    };
    expect(await problemOf(readManifest(await answering(answer), 'v1'))).toMatchObject({
      code: 'DIGEST_MISMATCH',
    });
    expect(await readManifest(await answering(answer), digest)).toMatchObject({ digest });
  });

  test.each<[string, Answer, string]>([
    [
      'a web page',
      { headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<html>' },
      'text/html',
    ],
    ['text', { headers: { 'content-type': 'text/plain' }, body: 'hello' }, 'text/plain'],
    ['a list', { headers: { 'content-type': 'application/json' }, body: '[]' }, 'application/json'],
    ['nothing', {}, 'no type'],
    [
      'an image and an index at once',
      { headers: { 'content-type': MANIFEST }, body: '{"layers":[],"manifests":[]}' },
      MANIFEST,
    ],
  ])('is not %s', async (_, answer, type) => {
    const refused = await answering(answer);
    const { code, message, remedy } = await problemOf(readManifest(refused, 'v1'));
    expect([code, message]).toEqual([
      'SERVICE_ANSWER',
      `Cannot read the manifest v1 from "${refused.origin.host}/acme/app": GET ${refused.origin.host}/v2/acme/app/manifests/v1 answered ${type}, which is not a manifest`,
    ]);
    expect(remedy).toContain('not a login page or proxy in front of it');
  });

  test('is no web page by digest either: a wrong address, not changed content', async () => {
    expect(
      await problemOf(
        readManifest(
          await answering({ headers: { 'content-type': 'text/html' }, body: '<html>' }),
          digest,
        ),
      ),
    ).toMatchObject({ code: 'SERVICE_ANSWER' });
  });

  test('is read up to 8 MiB', async () => {
    expect(
      await problemOf(
        readManifest(await answering({ body: Buffer.alloc((8 << 20) + 1, ' ') }), 'v1'),
      ),
    ).toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });
});

const options = { signal: new AbortController().signal, onBytes: () => undefined };

describe('a blob', () => {
  const bytes = Buffer.from('a bundle');

  test('comes from the storage that the registry redirects to, without credentials', async () => {
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

  test('that was changed on the way is refused', async () => {
    const stored = (await putBlob(registry, 'acme/app', bytes)) as Digest;
    await registry.fault({ method: 'GET', path: '/blobs/', action: { corrupt: true } });
    expect(await problemOf(readBlob(client, stored, 100, options))).toMatchObject({
      code: 'DIGEST_MISMATCH',
    });
  });

  test('is read up to the limit', async () => {
    const stored = (await putBlob(registry, 'acme/app', bytes)) as Digest;
    expect(await readBlob(client, stored, bytes.length, options)).toEqual(bytes);
    expect(await problemOf(readBlob(client, stored, bytes.length - 1, options))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
  });

  test('that is missing is a refusal of the registry', async () => {
    expect(
      await problemOf(readBlob(client, digestOf(Buffer.from('missing')), 100, options)),
    ).toMatchObject({
      code: 'SERVICE_REFUSED',
      message: expect.stringContaining('answered 404 BLOB_UNKNOWN'),
    });
  });
});

describe('an upload', () => {
  test('is one session, and none for what is there', async () => {
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

  test.each([404, 416])('whose session is gone (%i) is begun again, once', async (status) => {
    const bytes = Buffer.from(`lost ${String(status)}`);
    await registry.fault({ method: 'PUT', path: '/uploads/', times: 1, action: { status } });
    await finishUpload(client, await startUpload(client), bytes);
    expect(await readBlob(client, digestOf(bytes), 100, options)).toEqual(bytes);
    await registry.fault({ method: 'PUT', path: '/uploads/', times: 2, action: { status } });
    expect(
      await problemOf(startUpload(client).then((upload) => finishUpload(client, upload, bytes))),
    ).toMatchObject({ code: 'SERVICE_REFUSED' });
  });

  test('goes where the registry says, also elsewhere, and then without credentials', async () => {
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
    ['no place', { status: 202 }],
    ['a place that is no address', { status: 202, headers: { location: 'http://[' } }],
  ])('that is given %s is refused', async (_, answer) => {
    expect(await problemOf(startUpload(await answering(answer)))).toMatchObject({
      kind: 'service',
      code: 'SERVICE_ANSWER',
      message: expect.stringContaining('gave no Location for the upload'),
    });
  });

  test.each([200, 201, 404])('is not begun with status %i', async (status) => {
    expect(await problemOf(startUpload(await answering({ status })))).toMatchObject({
      code: 'SERVICE_REFUSED',
    });
  });
});

describe('writing a manifest', () => {
  const manifest = {
    mediaType: OCI_MANIFEST,
    bytes: Buffer.from(JSON.stringify({ mediaType: OCI_MANIFEST, subject: { digest } })),
  };

  test('tells whether the registry linked it to its subject', async () => {
    expect(await writeManifest(client, digestOf(manifest.bytes), manifest)).toEqual({
      status: 201,
      linkedTo: digest,
    });
    await registry.set({ subjectHeader: 'never' });
    expect(await writeManifest(client, digestOf(manifest.bytes), manifest)).toEqual({
      status: 201,
      linkedTo: null,
    });
  });

  test('under a condition that is not met changes nothing, and is not an error', async () => {
    await registry.set({ conditions: 'honoured' });
    const draft = { ...manifest, condition: { 'if-match': '"other"' } };
    expect(await writeManifest(client, 'v1', draft, { refusals: [412] })).toMatchObject({
      status: 412,
    });
    expect(await readManifest(client, 'v1')).toMatchObject({ digest });
  });

  test('that the caller does not know of may not fail like that', async () => {
    expect(
      await problemOf(writeManifest(await answering({ status: 412 }), 'v1', manifest)),
    ).toMatchObject({ code: 'SERVICE_REFUSED' });
  });

  test('is done anew from what its caller says before it is repeated', async () => {
    await registry.fault({ method: 'PUT', path: '/v1$', times: 1, action: { status: 503 } });
    const patient = connect(registry.host, 'acme/app', { retryTimeout: 10_000 });
    const other = { ...manifest, bytes: Buffer.from(JSON.stringify({ schemaVersion: 2 })) };
    const again = (): Promise<Draft> => Promise.resolve(other);
    expect(await writeManifest(patient, 'v1', manifest, { again })).toMatchObject({ status: 201 });
    expect(await readManifest(client, 'v1')).toMatchObject({ digest: digestOf(other.bytes) });
  });

  test('is not repeated when its caller says that it is there', async () => {
    await registry.fault({ method: 'PUT', path: '/v9$', action: { status: 503 } });
    const patient = connect(registry.host, 'acme/app', { retryTimeout: 10_000 });
    const again = (): Promise<undefined> => Promise.resolve(undefined);
    expect(await writeManifest(patient, 'v9', manifest, { again })).toMatchObject({ status: 201 });
  });

  test('is refused when the registry has stored other bytes', async () => {
    const other = digestOf(Buffer.from('other'));
    expect(
      await problemOf(
        writeManifest(
          await answering({ status: 201, headers: { 'docker-content-digest': other } }),
          'v1',
          manifest,
        ),
      ),
    ).toMatchObject({
      code: 'DIGEST_MISMATCH',
      message: expect.stringContaining(
        `requested ${digestOf(manifest.bytes)}, but the content returned has digest ${other}`,
      ),
    });
  });
});
