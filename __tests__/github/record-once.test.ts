// Recording in GitHub's store exactly once: a lost response causes no second record.
import { describe, expect, test } from '@jest/globals';

import type { Digest } from '../../src/model/digest.ts';
import { serve } from '../../lab/services/loopback.ts';
import { problemOf } from '../registry/connect.ts';
import { encodeSnappy } from '../../lab/services/github/snappy.ts';
import { bundleAbout } from './bundle.ts';
import { posts, record } from './recording.ts';
import { digest, github } from './github-fixture.ts';

describe('a record that was answered with an id and is not listed', () => {
  const listing = (attestations: readonly unknown[]): Promise<string> =>
    serve(({ method }) =>
      method === 'POST'
        ? { status: 201, body: '{"id":7}' }
        : { body: JSON.stringify({ attestations }) },
    ).then(({ url }) => url.origin);

  test.each<[string, (about: Digest) => readonly unknown[]]>([
    ['an empty list', () => []],
    [
      'another payload with this signature',
      (about) => [{ bundle: bundleAbout(about, 'https://spdx.dev/Document') }],
    ],
    [
      'this payload with another signature',
      (about) => [{ bundle: bundleAbout(about, undefined, 'eQ==') }],
    ],
    [
      'junk',
      () => [null, 1, {}, { bundle: null }, { bundle: { dsseEnvelope: { signatures: [null] } } }],
    ],
    [
      'members of unexpected types',
      () => [
        { bundle: { dsseEnvelope: { payload: { toString: 1 }, signatures: [{ sig: {} }] } } },
        { bundle: { toJSON: 1, dsseEnvelope: [] }, bundle_url: { toString: 1 } },
      ],
    ],
  ])('is a failure with the id: %s', async (_, attestations) => {
    const apiUrl = await listing(attestations(digest));
    expect(await problemOf(record({ apiUrl }))).toMatchObject({
      kind: 'service',
      code: 'STORE_UNLISTED',
      message:
        'Cannot confirm attestation 7 in "acme/app": the list of attestations does not contain it',
      remedy: expect.stringContaining('before you run the job again'),
    });
  });

  test('is found in another base64 encoding, next to invalid and deeply nested data', async () => {
    const server = await serve(({ method, path }) => {
      if (method === 'POST') return { status: 201, body: '{"id":7}' };
      if (path.startsWith('/junk')) return { body: encodeSnappy(Buffer.from('[['.repeat(50_000))) };
      const nested = `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
      const ours = JSON.stringify(bundleAbout(digest)).replaceAll('==', '');
      const junk = `${server.url.href}junk`;
      return {
        body: `{"attestations":[{"bundle":${nested}},{"bundle_url":"${junk}"},{"bundle":${ours}}]}`,
      };
    });
    expect(await record({ apiUrl: server.url.origin })).toEqual({ id: '7', copies: 1 });
  });

  test('is reported together with the reason if the list cannot be read', async () => {
    await github.fault({ method: 'GET', path: '^/repos/', action: { status: 403 } });
    expect(await problemOf(record())).toMatchObject({
      kind: 'permission',
      code: 'STORE_UNLISTED',
      message: expect.stringMatching(
        /^Cannot confirm attestation \d+ in "acme\/app": Cannot list the attestations in "acme\/app": GitHub answered 403$/,
      ),
    });
  });

  test('is waited for', async () => {
    await github.set({ listLag: 1500 });
    expect(await record({ retryTimeout: 10_000 })).toMatchObject({ copies: 1 });
    expect(await posts()).toBe(1);
  });
});

describe('a lost response', () => {
  const losses = [
    ['a closed connection', { reset: true }],
    ['a gateway that times out', { status: 504 }],
    ['a truncated body', { truncate: true }],
  ] as const;

  test.each(losses)('causes no second record: %s', async (_, loss) => {
    await github.fault({
      method: 'POST',
      path: '',
      times: 1,
      action: { ...loss, processed: true },
    });
    expect(await record({ retryTimeout: 10_000 })).toEqual({ copies: 1 });
    expect(await posts()).toBe(1);
  });

  test.each(losses)('is resolved without retries: %s', async (_, loss) => {
    await github.fault({ method: 'POST', path: '', action: { ...loss, processed: true } });
    expect(await record({ retryTimeout: 0 })).toEqual({ copies: 1 });
    expect(await posts()).toBe(1);
  });

  test('causes no second record if the list is late', async () => {
    await github.set({ listLag: 2500 });
    await github.fault({
      method: 'POST',
      path: '',
      times: 1,
      action: { reset: true, processed: true },
    });
    expect(await record({ retryTimeout: 20_000 })).toEqual({ copies: 1 });
    expect(await posts()).toBe(1);
  });

  test('is followed by another request if the first was not executed', async () => {
    await github.fault({
      method: 'POST',
      path: '/attestations',
      times: 1,
      action: { status: 403, headers: { 'retry-after': '0' }, body: '{}' },
    });
    expect(await record({ retryTimeout: 10_000 })).toMatchObject({
      id: expect.stringMatching(/^\d+$/),
      copies: 1,
    });
    expect(await posts()).toBe(2);
  });

  test('is not followed by another request if it is unknown whether the first was executed', async () => {
    await github.fault({
      method: 'POST',
      path: '',
      times: 1,
      action: { reset: true, processed: true },
    });
    await github.fault({ method: 'GET', path: '^/repos/', action: { status: 403 } });
    expect(await problemOf(record({ retryTimeout: 10_000 }))).toMatchObject({
      code: 'STORE_UNLISTED',
      message: expect.stringMatching(
        /^Cannot find out whether the attestation is recorded in "acme\/app": .* answered 403$/,
      ),
      remedy: expect.stringContaining('before you run the job again'),
    });
    expect(await posts()).toBe(1);
  });
});

test('reports two records of the same bundle', async () => {
  const recorded = { bundle: bundleAbout(digest) };
  const server = await serve(({ method }) =>
    method === 'POST'
      ? { status: 201, body: '{"id":7}' }
      : { body: JSON.stringify({ attestations: [recorded, recorded] }) },
  );
  expect(await record({ apiUrl: server.url.origin })).toEqual({ id: '7', copies: 2 });
});
