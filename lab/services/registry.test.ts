// The embedded registry follows the distribution specification.
import { describe, expect, test } from '@jest/globals';

import { INDEX, MANIFEST, pushImage } from './image.ts';
import { at, code, manifestAt, registry, repository } from './registry-fixture.ts';

describe('images', () => {
  test('are pushed and read back by tag and by digest', async () => {
    const image = await pushImage(registry, repository, { tag: 'v1' });
    for (const reference of ['v1', image.digest]) {
      const response = await manifestAt(reference);
      expect(response.headers.get('docker-content-digest')).toBe(image.digest);
      expect(response.headers.get('content-type')).toBe(MANIFEST);
      expect(Buffer.from(await response.arrayBuffer())).toEqual(image.bytes);
    }
    const head = await manifestAt('v1', { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String(image.bytes.length));
    expect(await (await at('tags/list')).json()).toEqual({ name: repository, tags: ['v1'] });
  });

  test('with platforms are an index with attestation manifests', async () => {
    const image = await pushImage(registry, repository, {
      platforms: ['linux/amd64', 'linux/arm64'],
    });
    const { manifests } = (await (await manifestAt(image.digest)).json()) as {
      manifests: { platform: { os: string } }[];
    };
    expect(manifests.map(({ platform }) => platform.os)).toEqual([
      'linux',
      'linux',
      'unknown',
      'unknown',
    ]);
    expect(image.mediaType).toBe(INDEX);
  });

  test('differ by content', async () => {
    const one = await pushImage(registry, repository, { content: 'one' });
    const two = await pushImage(registry, repository, { content: 'two' });
    expect(one.digest).not.toBe(two.digest);
  });
});

describe('rejected requests', () => {
  const zero = `sha256:${'0'.repeat(64)}`;

  test('name what is unknown', async () => {
    expect(await code(await manifestAt('v1'))).toBe('404 NAME_UNKNOWN');
    await pushImage(registry, repository);
    expect(await code(await manifestAt('v1'))).toBe('404 MANIFEST_UNKNOWN');
    expect(await code(await at(`blobs/${zero}`))).toBe('404 BLOB_UNKNOWN');
    const upload = await at(`blobs/uploads/none?digest=${zero}`, { method: 'PUT', body: '' });
    expect(await code(upload)).toBe('404 BLOB_UPLOAD_UNKNOWN');
    expect(await code(await fetch(`${registry.url}/v2/Acme/App/manifests/v1`))).toBe(
      '400 NAME_INVALID',
    );
  });

  test('include manifests with a wrong digest, invalid JSON, a wrong type, missing blobs or too many bytes', async () => {
    const put = async (reference: string, body: string, type = MANIFEST): Promise<string> =>
      code(await manifestAt(reference, { method: 'PUT', headers: { 'Content-Type': type }, body }));
    expect(await put(zero, '{}')).toBe('400 DIGEST_INVALID');
    expect(await put('v1', 'no json')).toBe('400 MANIFEST_INVALID');
    expect(await put('v1', JSON.stringify({ mediaType: INDEX }))).toBe('400 MANIFEST_INVALID');
    expect(await put('v1', JSON.stringify({ config: { digest: zero } }))).toBe(
      '404 MANIFEST_BLOB_UNKNOWN',
    );
    expect(await put('v1', JSON.stringify({ manifests: [{ digest: zero }] }), INDEX)).toBe(
      '404 MANIFEST_BLOB_UNKNOWN',
    );
    expect(await put('v1', ' '.repeat(4 * 1024 * 1024 + 1))).toBe('413 SIZE_INVALID');
  });

  test('include a media type that the client does not accept', async () => {
    await pushImage(registry, repository, { tag: 'v1' });
    expect((await manifestAt('v1', { headers: { Accept: `${INDEX}, ${MANIFEST}` } })).status).toBe(
      200,
    );
    expect(await code(await manifestAt('v1', { headers: { Accept: INDEX } }))).toBe(
      '404 MANIFEST_UNKNOWN',
    );
  });
});

describe('uploads', () => {
  const digest = 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

  test('work in one request, in chunks and by mounting', async () => {
    expect(
      (await at(`blobs/uploads/?digest=${digest}`, { method: 'POST', body: 'abc' })).status,
    ).toBe(201);
    const { headers } = await at('blobs/uploads/', { method: 'POST' });
    const session = new URL(headers.get('location') ?? '', registry.url);
    const patch = (range: string, body: string): Promise<Response> =>
      fetch(session, { method: 'PATCH', headers: { 'Content-Range': range }, body });
    expect((await patch('0-1', 'ab')).headers.get('range')).toBe('0-1');
    expect((await patch('5-5', 'c')).status).toBe(416);
    session.searchParams.set('digest', digest);
    expect((await fetch(session, { method: 'PUT', body: 'c' })).status).toBe(201);
    const mount = `${registry.url}/v2/acme/other/blobs/uploads/?mount=${digest}&from=${repository}`;
    expect((await fetch(mount, { method: 'POST' })).status).toBe(201);
    expect(await (await at(`blobs/${digest}`)).text()).toBe('abc');
  });

  test('are rejected if the bytes do not match the digest', async () => {
    expect(
      await code(await at(`blobs/uploads/?digest=${digest}`, { method: 'POST', body: 'abd' })),
    ).toBe('400 DIGEST_INVALID');
  });

  test('require a session if one request is not enough', async () => {
    await registry.set({ singlePost: 'session' });
    expect(
      (await at(`blobs/uploads/?digest=${digest}`, { method: 'POST', body: 'abc' })).status,
    ).toBe(202);
  });
});
