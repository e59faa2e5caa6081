// Reading manifests: content that does not match its digest, and responses that are not manifests.
import { describe, expect, test } from '@jest/globals';

import { digestOf } from '../../src/model/digest.ts';
import { readManifest } from '../../src/registry/content.ts';
import type { Answer } from '../../lab/services/loopback.ts';
import { INDEX, MANIFEST } from '../../lab/services/image.ts';
import { connect, problemOf } from './connect.ts';
import { answering, client, digest, image, registry } from './content-fixture.ts';

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

  test('is undefined if it does not exist', async () => {
    expect(await readManifest(client, 'v2')).toBeUndefined();
    expect(await readManifest(connect(registry.host, 'acme/other'), 'v1')).toBeUndefined();
  });

  test('keeps a strong ETag but not a weak one', async () => {
    expect(
      await readManifest(await answering({ headers: { etag: '"a"' }, body: '{}' }), 'v1'),
    ).toHaveProperty('etag', '"a"');
    expect(
      await readManifest(await answering({ headers: { etag: 'W/"a"' }, body: '{}' }), 'v1'),
    ).not.toHaveProperty('etag');
  });

  test("has the type in its content, regardless of the registry's header", async () => {
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
    ['by tag, if the registry names the digest', 'v1'],
  ])('is rejected if it was changed in transit %s', async (_, reference) => {
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

  test('with a wrong digest header is rejected by tag and accepted by digest if its bytes match', async () => {
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
  ])('is rejected if it is %s', async (_, answer, type) => {
    const refused = await answering(answer);
    const { code, message, remedy } = await problemOf(readManifest(refused, 'v1'));
    expect([code, message]).toEqual([
      'SERVICE_ANSWER',
      `Cannot read the manifest v1 from "${refused.origin.host}/acme/app": GET ${refused.origin.host}/v2/acme/app/manifests/v1 answered ${type}, which is not a manifest`,
    ]);
    expect(remedy).toContain('not a login page or proxy in front of it');
  });

  test('is reported by digest as a wrong address if it is a web page', async () => {
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
