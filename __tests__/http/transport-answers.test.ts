// Responses in the transport: what is sent, what is returned, and how much of it is read.
import { gzipSync } from 'node:zlib';

import { describe, expect, test } from '@jest/globals';

import type { HttpRequest } from '../../src/http/message.ts';
import { type Answer, serve, serveInOrder } from '../../lab/services/loopback.ts';
import { get, good, refusalOf, transportWith } from './transport-fixture.ts';

describe('the transport', () => {
  test.each([200, 204, 206, 304, 400, 401, 403, 404, 409, 412, 416, 501, 505])(
    'returns a response of status %i after one request',
    async (status) => {
      const server = await serveInOrder({ status, headers: { 'x-a': 'b' } });
      const {
        status: answered,
        headers,
        url,
      } = await get(new URL('/path?query', server.url), {}, transportWith(60_000));
      expect([answered, headers.get('x-a'), url.href]).toEqual([
        status,
        'b',
        `${server.url.href}path?query`,
      ]);
      expect(server.asked).toHaveLength(1);
    },
  );

  test('sends the request as given, with a user agent and without compression', async () => {
    const server = await serveInOrder(good);
    const { body } = await get(server.url, {
      method: 'PUT',
      body: Buffer.from('body'),
      headers: { 'x-a': 'b' },
    });
    expect(body.toString()).toBe('good');
    expect(server.asked).toMatchObject([
      {
        method: 'PUT',
        body: 'body',
        headers: { 'x-a': 'b', 'user-agent': 'countersign', 'accept-encoding': 'identity' },
      },
    ]);
  });
});

describe('a compressed body', () => {
  const compressed = gzipSync('good');
  const headers = { 'content-encoding': 'gzip' };

  test('is decompressed although the request does not accept it', async () => {
    const server = await serve(() => ({ headers, body: compressed }));
    expect((await get(server.url)).body.toString()).toBe('good');
  });

  test.each([
    ['is damaged', Buffer.from('good'), 'Z_DATA_ERROR'],
    ['ends early', compressed.subarray(0, -4), 'Z_BUF_ERROR'],
  ])('is not accepted if it %s', async (_, body, code) => {
    const server = await serve(() => ({ headers, body }));
    const { message } = await refusalOf(get(server.url));
    expect(message).toContain(`failed: ${code} (attempt 1`);
  });
});

describe('the size limit', () => {
  const tooLarge = {
    kind: 'service',
    code: 'LIMIT_EXCEEDED',
    message: expect.stringContaining('larger than 1000 bytes'),
  };

  test('accepts a body of exactly that size and rejects one more byte', async () => {
    const server = await serve(({ path }) => ({ body: 'x'.repeat(Number(path.slice(1))) }));
    expect((await get(new URL('/1000', server.url))).body).toHaveLength(1000);
    expect(await refusalOf(get(new URL('/1001', server.url)))).toMatchObject(tooLarge);
  });

  test.each<[string, Answer]>([
    ['an endless body', 'endless'],
    [
      'a body that grows when it is decompressed',
      { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(100_000)) },
    ],
  ])('rejects %s after one request', async (_, answer) => {
    const server = await serveInOrder(answer);
    expect(await refusalOf(get(server.url, {}, transportWith(60_000)))).toMatchObject(tooLarge);
    expect(server.asked).toHaveLength(1);
  });
});

describe('a streamed body', () => {
  const sinkInto = (pieces: string[]): Pick<HttpRequest, 'sink'> => ({
    sink() {
      pieces.push('(anew)');
      return (chunk) => void pieces.push(Buffer.from(chunk).toString());
    },
  });

  test('is not buffered, and starts again after a fault', async () => {
    const server = await serveInOrder('stall', good);
    const pieces: string[] = [];
    const answer = await get(
      server.url,
      { ...sinkInto(pieces), timeout: 3000 },
      transportWith(60_000),
    );
    expect([answer.status, answer.body.length]).toEqual([200, 0]);
    expect(pieces.filter((piece) => piece === '(anew)')).toHaveLength(2);
    expect(pieces.slice(-2)).toEqual(['(anew)', 'good']);
  });

  test('is used only for a successful response', async () => {
    const server = await serveInOrder({ status: 404, body: 'none' });
    const pieces: string[] = [];
    expect((await get(server.url, sinkInto(pieces))).body.toString()).toBe('none');
    expect(pieces).toEqual([]);
  });

  test('has the same size limit', async () => {
    const server = await serveInOrder('endless');
    expect(await refusalOf(get(server.url, sinkInto([])))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
  });
});
