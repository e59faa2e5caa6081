// Keys from the configured places, and from no others.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Transport } from '../../src/http/message.ts';
import { createTransport } from '../../src/http/transport.ts';
import { loadKeys } from '../../src/keys/load.ts';
import type { KeyLocation } from '../../src/model/policy.ts';
import { serve } from '../../lab/services/loopback.ts';
import { KINDS, pemOf } from '../../lab/bundles/keys.ts';

const [P256, , P384, , , ED25519] = KINDS;
const transport = createTransport({ retryTimeout: 0, onRetry: () => undefined });
const server = await serve(({ path }) => {
  if (path === '/moved.pub') return { status: 302, headers: { location: '/cosign.pub' } };
  if (path === '/away.pub')
    return { status: 301, headers: { location: 'https://mallory.example/cosign.pub' } };
  if (path.startsWith('/cosign.pub')) return { body: pemOf(P256.pair) };
  if (path === '/slow.pub') return 'hang';
  if (path === '/page.pub')
    return { body: '<!DOCTYPE html>\n<html><title>cosign.pub</title></html>' };
  return path === '/large.pub' ? { body: 'x'.repeat(1 << 20) } : { status: 404, body: '<html>' };
});

const at = (path: string): KeyLocation => ({ kind: 'url', url: new URL(path, server.url) });

async function fileWith(text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'key-')), 'cosign.pub');
  await writeFile(path, text);
  return path;
}

test('loads all keys from text, files and URLs', async () => {
  const path = await fileWith(pemOf(P384.pair));
  const keys = await loadKeys(
    [{ kind: 'pem', text: pemOf(ED25519.pair) }, { kind: 'file', path }, at('/cosign.pub')],
    transport,
  );
  expect(keys.map(({ from }) => from)).toEqual([
    'key',
    path,
    new URL('/cosign.pub', server.url).href,
  ]);
});

describe('a place of keys', () => {
  test.each<[string, () => KeyLocation, RegExp]>([
    ['a URL without a key', () => at('/none.pub'), /none\.pub": it answered 404/],
    ['a URL that redirects', () => at('/moved.pub'), /moved\.pub": it redirects to http:\/\/127/],
    [
      'a URL that redirects to another origin',
      () => at('/away.pub'),
      /away\.pub": it redirects to https:\/\/mallory\.example/,
    ],
    [
      'a URL with an endless body',
      () => at('/large.pub'),
      /large\.pub": it is larger than 65536 bytes/,
    ],
    [
      'a URL of a web page',
      () => at('/page.pub'),
      /page\.pub": it is a web page, not a PEM public key/,
    ],
    [
      'a missing file',
      () => ({ kind: 'file', path: '/nowhere/cosign.pub' }),
      /"\/nowhere\/cosign\.pub": it does not exist/,
    ],
    ['a directory', () => ({ kind: 'file', path: tmpdir() }), /it is a directory/],
  ])('is reported: %s', async (_, location, message) => {
    await expect(loadKeys([location()], transport)).rejects.toMatchObject({
      errors: [{ kind: 'input', code: 'INPUT_FILE', message: expect.stringMatching(message) }],
    });
  });

  test('is reported: a URL that does not respond in time', async () => {
    const asked: number[] = [];
    // A hundred times as fast as the product.
    const hurried: Transport = ({ timeout = Number.NaN, ...request }) => {
      asked.push(timeout);
      return transport({ ...request, timeout: timeout / 100 });
    };
    await expect(loadKeys([at('/slow.pub')], hurried)).rejects.toMatchObject({
      errors: [
        {
          kind: 'service',
          code: 'SERVICE_UNREACHABLE',
          message: expect.stringMatching(
            /^Cannot fetch the key "http:\S+\/slow\.pub": .* failed: timeout/,
          ),
          remedy: expect.stringContaining('or keep the key in a file'),
        },
      ],
    });
    expect(asked).toEqual([10_000]);
  });

  test('is reported without the query of its URL, which can be a secret', async () => {
    await expect(loadKeys([at('/none.pub?sig=secret')], transport)).rejects.toMatchObject({
      errors: [{ message: expect.not.stringContaining('secret') }],
    });
    const [key] = await loadKeys([at('/cosign.pub?sig=secret')], transport);
    expect(key.from).toBe(new URL('/cosign.pub', server.url).href);
  });

  test('is reported before any request if a file is invalid', async () => {
    const missing = { kind: 'file', path: '/nowhere/a.pub' } as const;
    await expect(
      loadKeys([missing, { kind: 'pem', text: 'hello' }, at('/none.pub')], transport),
    ).rejects.toMatchObject({
      errors: [
        { message: expect.stringContaining('a.pub') },
        { message: expect.stringContaining('not a PEM') },
      ],
    });
  });
});
