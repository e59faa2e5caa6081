// The embedded registry: what the distribution specification demands, and the habits in which real registries differ.
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { INDEX, MANIFEST, pushImage, putBlob, putManifest } from './image.ts';
import { defaultSettings } from './registry/settings.ts';
import { startRegistry } from './start.ts';

const registry = await startRegistry();
const credentials = { username: defaultSettings.username, password: defaultSettings.password };
let repository = '';
let count = 0;

beforeEach(async () => {
  await registry.set(defaultSettings);
  await registry.clear();
  repository = `acme/app-${String((count += 1))}`;
});
afterAll(() => registry.stop());

const at = (path: string, init?: RequestInit): Promise<Response> => fetch(`${registry.url}/v2/${repository}/${path}`, init);
const manifestAt = (reference: string, init?: RequestInit): Promise<Response> => at(`manifests/${reference}`, init);
const code = async (response: Response): Promise<string> => {
  const { errors } = (await response.json()) as { errors: { code: string }[] };
  return `${String(response.status)} ${errors[0]?.code ?? ''}`;
};
const basic = `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;

async function pushReferrer(subject: string, name: string): Promise<string> {
  const digest = await putBlob(registry, repository, '{}');
  const descriptor = { mediaType: 'application/vnd.oci.empty.v1+json', digest, size: 2 };
  const manifest = { schemaVersion: 2, mediaType: MANIFEST, artifactType: 'application/x-test', config: descriptor, layers: [descriptor], subject: { mediaType: MANIFEST, digest: subject, size: 1 }, annotations: { name } };
  return putManifest(registry, repository, manifest);
}

async function listed(path: string): Promise<{ digest: string; artifactType?: string; annotations?: object }[]> {
  return ((await (await at(path)).json()) as { manifests: { digest: string }[] }).manifests;
}

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

  test('with platforms are an index with attestation manifests beside them', async () => {
    const image = await pushImage(registry, repository, { platforms: ['linux/amd64', 'linux/arm64'] });
    const manifests = (await listed(`manifests/${image.digest}`)) as unknown as { platform: { os: string } }[];
    expect(manifests.map(({ platform }) => platform.os)).toEqual(['linux', 'linux', 'unknown', 'unknown']);
    expect(image.mediaType).toBe(INDEX);
  });

  test('differ by content', async () => {
    const [one, two] = [await pushImage(registry, repository, { content: 'one' }), await pushImage(registry, repository, { content: 'two' })];
    expect(one.digest).not.toBe(two.digest);
  });
});

describe('refusals', () => {
  const zero = `sha256:${'0'.repeat(64)}`;

  test('name what is unknown', async () => {
    expect(await code(await manifestAt('v1'))).toBe('404 NAME_UNKNOWN');
    await pushImage(registry, repository);
    expect(await code(await manifestAt('v1'))).toBe('404 MANIFEST_UNKNOWN');
    expect(await code(await at(`blobs/${zero}`))).toBe('404 BLOB_UNKNOWN');
    expect(await code(await at(`blobs/uploads/none?digest=${zero}`, { method: 'PUT', body: '' }))).toBe('404 BLOB_UPLOAD_UNKNOWN');
    expect(await code(await fetch(`${registry.url}/v2/Acme/App/manifests/v1`))).toBe('400 NAME_INVALID');
  });

  test('of manifests: wrong digest, no JSON, wrong type, missing blobs, too large', async () => {
    const put = async (reference: string, body: string, type = MANIFEST): Promise<string> =>
      code(await manifestAt(reference, { method: 'PUT', headers: { 'Content-Type': type }, body }));
    expect(await put(zero, '{}')).toBe('400 DIGEST_INVALID');
    expect(await put('v1', 'no json')).toBe('400 MANIFEST_INVALID');
    expect(await put('v1', JSON.stringify({ mediaType: INDEX }))).toBe('400 MANIFEST_INVALID');
    expect(await put('v1', JSON.stringify({ config: { digest: zero } }))).toBe('404 MANIFEST_BLOB_UNKNOWN');
    expect(await put('v1', JSON.stringify({ manifests: [{ digest: zero }] }), INDEX)).toBe('404 MANIFEST_BLOB_UNKNOWN');
    expect(await put('v1', ' '.repeat(4 * 1024 * 1024 + 1))).toBe('413 SIZE_INVALID');
  });

  test('of a media type that the client does not accept', async () => {
    await pushImage(registry, repository, { tag: 'v1' });
    expect((await manifestAt('v1', { headers: { Accept: `${INDEX}, ${MANIFEST}` } })).status).toBe(200);
    expect(await code(await manifestAt('v1', { headers: { Accept: INDEX } }))).toBe('404 MANIFEST_UNKNOWN');
  });
});

describe('uploads', () => {
  const digest = 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

  test('in one request, in pieces, and by mounting', async () => {
    expect((await at(`blobs/uploads/?digest=${digest}`, { method: 'POST', body: 'abc' })).status).toBe(201);
    const { headers } = await at('blobs/uploads/', { method: 'POST' });
    const session = new URL(headers.get('location') ?? '', registry.url);
    expect((await fetch(session, { method: 'PATCH', headers: { 'Content-Range': '0-1' }, body: 'ab' })).headers.get('range')).toBe('0-1');
    expect((await fetch(session, { method: 'PATCH', headers: { 'Content-Range': '5-5' }, body: 'c' })).status).toBe(416);
    session.searchParams.set('digest', digest);
    expect((await fetch(session, { method: 'PUT', body: 'c' })).status).toBe(201);
    expect((await fetch(`${registry.url}/v2/acme/other/blobs/uploads/?mount=${digest}&from=${repository}`, { method: 'POST' })).status).toBe(201);
    expect(await (await at(`blobs/${digest}`)).text()).toBe('abc');
  });

  test('are refused when the bytes do not have the digest', async () => {
    expect(await code(await at(`blobs/uploads/?digest=${digest}`, { method: 'POST', body: 'abd' }))).toBe('400 DIGEST_INVALID');
  });

  test('need a session where one request is not enough', async () => {
    await registry.set({ singlePost: 'session' });
    expect((await at(`blobs/uploads/?digest=${digest}`, { method: 'POST', body: 'abc' })).status).toBe(202);
  });
});

describe('referrers', () => {
  test('are listed in pages with type and annotations', async () => {
    await registry.set({ referrersPageSize: 2 });
    const { digest } = await pushImage(registry, repository);
    const pushed = [await pushReferrer(digest, 'a'), await pushReferrer(digest, 'b'), await pushReferrer(digest, 'c')];
    const first = await at(`referrers/${digest}`);
    expect(first.headers.get('content-type')).toBe(INDEX);
    const [, next] = /^<(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '') ?? [];
    const rest = await fetch(new URL(next ?? '', registry.url));
    expect(rest.headers.get('link')).toBeNull();
    const found = [...((await first.json()) as { manifests: object[] }).manifests, ...((await rest.json()) as { manifests: object[] }).manifests];
    expect(found).toMatchObject(pushed.map((referrer) => ({ digest: referrer, artifactType: 'application/x-test' })));
    expect(found[2]).toMatchObject({ annotations: { name: 'c' } });
  });

  test('are an empty index where there are none', async () => {
    expect(await listed(`referrers/sha256:${'0'.repeat(64)}`)).toEqual([]);
  });

  test.each([
    ['api', 'with-api', 200, true],
    ['none', 'with-api', 404, false],
    ['none', 'always', 404, true],
    ['refused', 'with-api', 406, false],
    ['html', 'never', 200, false],
  ] as const)('%s, subject header %s: %i', async (referrers, subjectHeader, status, announced) => {
    await registry.set({ referrers, subjectHeader });
    const { digest } = await pushImage(registry, repository);
    const body = JSON.stringify({ mediaType: MANIFEST, subject: { digest } });
    const put = await manifestAt('x', { method: 'PUT', headers: { 'Content-Type': MANIFEST }, body });
    expect(put.headers.get('oci-subject')).toBe(announced ? digest : null);
    expect((await at(`referrers/${digest}`)).status).toBe(status);
  });

  test('without artifactType, and late', async () => {
    await registry.set({ referrersArtifactType: 'missing' });
    const { digest } = await pushImage(registry, repository);
    await pushReferrer(digest, 'a');
    expect((await listed(`referrers/${digest}`))[0]).not.toHaveProperty('artifactType');
    await registry.set({ referrersLag: 60_000 });
    expect(await listed(`referrers/${digest}`)).toEqual([]);
  });
});

describe('habits', () => {
  test('a tag that looks like a digest resolves to the manifest, when asked for', async () => {
    const { digest } = await pushImage(registry, repository);
    const tag = digest.replace(':', '-');
    expect((await manifestAt(tag)).status).toBe(404);
    await registry.set({ tagResolution: 'digest-like' });
    expect((await manifestAt(tag)).headers.get('docker-content-digest')).toBe(digest);
  });

  test('immutable tags and missing subjects are refused', async () => {
    await registry.set({ tags: 'immutable', missingSubject: 'refused' });
    await pushImage(registry, repository, { tag: 'v1' });
    await expect(pushImage(registry, repository, { tag: 'v1', content: 'new' })).rejects.toThrow('403');
    await expect(pushReferrer(`sha256:${'0'.repeat(64)}`, 'a')).rejects.toThrow('MANIFEST_INVALID');
  });

  test('conditions are honoured when asked for', async () => {
    await registry.set({ conditions: 'honoured' });
    const { digest } = await pushImage(registry, repository, { tag: 'v1' });
    const put = (headers: Record<string, string>): Promise<Response> =>
      manifestAt('v1', { method: 'PUT', headers: { 'Content-Type': MANIFEST, ...headers }, body: '{}' });
    expect((await manifestAt('v1', { headers: { 'If-None-Match': `"${digest}"` } })).status).toBe(304);
    expect((await put({ 'If-None-Match': '*' })).status).toBe(412);
    expect((await put({ 'If-Match': '"other"' })).status).toBe(412);
    expect((await put({ 'If-Match': `"${digest}"` })).status).toBe(201);
  });

  test('blobs come from a storage server that refuses credentials', async () => {
    await registry.set({ blobs: 'storage' });
    const digest = await putBlob(registry, repository, 'abc');
    const redirect = await at(`blobs/${digest}`, { redirect: 'manual' });
    const location = redirect.headers.get('location') ?? '';
    expect([redirect.status, new URL(location).origin]).toEqual([307, registry.storage]);
    expect(await (await fetch(location)).text()).toBe('abc');
    expect((await fetch(location, { headers: { Authorization: basic } })).status).toBe(400);
  });
});

describe('authentication', () => {
  const token = async (query: string, authorization?: string): Promise<Response> =>
    fetch(`${registry.url}/token?${query}`, authorization === undefined ? {} : { headers: { Authorization: authorization } });
  const bearer = async (scope: string, authorization?: string): Promise<string> =>
    `Bearer ${((await (await token(`scope=${scope}`, authorization)).json()) as { token: string }).token}`;

  test('basic', async () => {
    await registry.set({ auth: 'basic' });
    const response = await manifestAt('v1');
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="Registry"']);
    expect((await pushImage({ ...registry, ...credentials }, repository)).digest).toMatch(/^sha256:/);
    await expect(pushImage({ ...registry, ...credentials, password: 'wrong' }, repository)).rejects.toThrow('401');
  });

  test('bearer challenges with realm and scope, and takes a token with that scope', async () => {
    await registry.set({ auth: 'bearer' });
    await pushImage({ ...registry, ...credentials }, repository, { tag: 'v1' });
    const challenge = (await manifestAt('v1')).headers.get('www-authenticate');
    expect(challenge).toBe(`Bearer realm="${registry.url}/token",service="embedded-registry",scope="repository:${repository}:pull"`);
    const pull = await bearer(`repository:${repository}:pull`, basic);
    expect((await manifestAt('v1', { headers: { Authorization: pull } })).status).toBe(200);
    const upload = await at('blobs/uploads/', { method: 'POST', headers: { Authorization: pull } });
    expect([upload.status, upload.headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('error="insufficient_scope"')]);
    expect((await fetch(`${registry.url}/v2/acme/other/manifests/v1`, { headers: { Authorization: pull } })).status).toBe(401);
  });

  test('tokens expire, wrong passwords get none, anonymous ones cannot push', async () => {
    await registry.set({ auth: 'bearer', tokenSeconds: 0 });
    const scope = `repository:${repository}:pull,push`;
    expect((await manifestAt('v1', { headers: { Authorization: await bearer(scope, basic) } })).headers.get('www-authenticate')).toContain('invalid_token');
    expect((await token(`scope=${scope}`)).status).toBe(401);
    await registry.set({ anonymousPull: true, tokenSeconds: 60 });
    expect((await token(`scope=${scope}`, 'Basic eDp5')).status).toBe(401);
    const anonymous = await bearer(scope);
    expect((await manifestAt('v1', { headers: { Authorization: anonymous } })).status).toBe(404);
    expect((await at('blobs/uploads/', { method: 'POST', headers: { Authorization: anonymous } })).status).toBe(401);
  });

  test('a refresh token is exchanged, and pushing can be denied', async () => {
    await registry.set({ auth: 'bearer', push: 'denied' });
    const scope = `repository:${repository}:pull,push`;
    const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: defaultSettings.identityToken, scope });
    const granted = (await (await fetch(`${registry.url}/token`, { method: 'POST', body })).json()) as { access_token: string };
    const response = await at('blobs/uploads/', { method: 'POST', headers: { Authorization: `Bearer ${granted.access_token}` } });
    expect(await code(response)).toBe('403 DENIED');
  });
});
