// The transport with servers that fail temporarily: what is sent again, when, and how often.
import { gzipSync } from 'node:zlib';

import { describe, expect, test } from '@jest/globals';

import type { HttpRequest } from '../../src/http/message.ts';
import { type Answer, serve, serveInOrder } from '../../lab/services/loopback.ts';
import { get, good, refusalOf, SOON, transportWith } from './transport-fixture.ts';

const GZIP = { 'content-encoding': 'gzip' };

describe('a temporary failure', () => {
  test.concurrent.each<[string, Answer]>([
    ...[408, 425, 429, 500, 502, 503, 504].map((status): [string, Answer] => [
      String(status),
      { status, headers: SOON },
    ]),
    ['a 403 with a time to retry', { status: 403, headers: SOON }],
    ['a 403 for a rate limit', { status: 403, body: '{"message":"API Rate Limit exceeded"}' }],
    ['a closed connection', 'reset'],
    ['a part of a body', { body: 'good', isCut: true }],
    ['a part of a compressed body', { headers: GZIP, body: gzipSync('good'), isCut: true }],
  ])('is retried: %s', async (_, fault) => {
    const server = await serveInOrder(fault, good);
    const transport = transportWith(10_000);
    expect((await get(server.url, {}, transport)).body.toString()).toBe('good');
    expect(server.asked).toHaveLength(2);
    expect(transport.said).toEqual([
      expect.stringMatching(
        new RegExp(`^GET ${server.url.host}/ (answered|failed:) .+, attempt 2 in \\d+\\.\\d s$`),
      ),
    ]);
  });

  test.concurrent(
    'is retried after the time in Retry-After, in seconds or as a date, and never at once',
    async () => {
      const between = async (header: () => string): Promise<number> => {
        const server = await serve(() =>
          server.asked.length > 1 ? good : { status: 503, headers: { 'retry-after': header() } },
        );
        await get(server.url, {}, transportWith(60_000));
        const [first, second] = server.asked;
        return (second?.at ?? 0) - (first?.at ?? 0);
      };
      const [seconds, date, past, none, negative] = await Promise.all([
        between(() => '2'),
        // A date has no fractions of a second.
        between(() => new Date(Date.now() + 4000).toUTCString()),
        between(() => new Date(0).toUTCString()),
        between(() => '0'),
        between(() => '-5'),
      ]);
      expect(seconds).toBeGreaterThan(1900);
      expect(date).toBeGreaterThan(2000);
      for (const shortest of [past, none, negative]) expect(shortest).toBeGreaterThan(200);
    },
  );

  test.concurrent.each<[string, Answer, number, readonly string[]]>([
    [
      'says that it is a rate limit',
      { status: 403, body: 'API rate limit exceeded' },
      200,
      ['HEAD', 'GET', 'HEAD'],
    ],
    ['says something else', { status: 403, body: 'denied' }, 403, ['HEAD', 'GET']],
    ['says it in megabytes', { status: 403, body: 'x'.repeat(1 << 20) }, 403, ['HEAD', 'GET']],
    ['does not say it', 'reset', 403, ['HEAD', 'GET']],
    ['is good', good, 200, ['HEAD', 'GET']],
  ])('of HEAD without a reason is asked for by GET, which %s', async (_, reason, status, asked) => {
    const server = await serveInOrder({ status: 403 }, reason, good);
    const answer = await get(server.url, { method: 'HEAD', limit: 0 }, transportWith(10_000));
    expect(answer.status).toBe(status);
    expect(server.asked.map(({ method }) => method)).toEqual(asked);
  });

  test.concurrent('of HEAD with Retry-After needs no other request', async () => {
    const server = await serveInOrder({ status: 403, headers: SOON }, good);
    await get(server.url, { method: 'HEAD', limit: 0 }, transportWith(10_000));
    expect(server.asked.map(({ method }) => method)).toEqual(['HEAD', 'HEAD']);
  });

  test.concurrent('ends the request if the wait would exceed the budget', async () => {
    const server = await serveInOrder({ status: 503, headers: { 'retry-after': '3600' } });
    const { kind, code, message, remedy } = await refusalOf(
      get(server.url, {}, transportWith(5000)),
    );
    expect({ kind, code, message: message.replace(/ after \d+ s/, ''), remedy }).toEqual({
      kind: 'service',
      code: 'SERVICE_UNREACHABLE',
      message: `Cannot reach "${server.url.host}": GET ${server.url.host}/ answered 503 (attempt 1)`,
      remedy: 'run the job again later, or raise "retry-timeout"',
    });
  });

  test.concurrent('uses up the one budget that all requests share', async () => {
    const server = await serveInOrder({ status: 503, headers: SOON });
    const transport = transportWith(3000);
    await Promise.all([
      refusalOf(get(server.url, {}, transport)),
      refusalOf(get(server.url, {}, transport)),
    ]);
    const spent = server.asked.length;
    expect(spent).toBeGreaterThanOrEqual(4);
    await refusalOf(get(server.url, {}, transport));
    expect(server.asked).toHaveLength(spent + 1);
  });

  test.concurrent('starts the budget: successful requests before it cost nothing', async () => {
    const server = await serveInOrder(good, { status: 503, headers: SOON }, good);
    const transport = transportWith(2500);
    await get(server.url, {}, transport);
    await new Promise((resolve) => setTimeout(resolve, 2600));
    expect((await get(server.url, {}, transport)).status).toBe(200);
  });

  test.concurrent('ends the request if the budget is zero', async () => {
    const server = await serveInOrder({ status: 503 });
    await refusalOf(get(server.url));
    expect(server.asked).toHaveLength(1);
  });
});

describe('a request that must not be repeated unchanged', () => {
  const fault = { status: 503, headers: SOON };

  test('is built again before each retry', async () => {
    const server = await serveInOrder(fault, fault, good);
    let count = 0;
    const again: HttpRequest['again'] = () =>
      Promise.resolve({ body: Buffer.from(`again ${++count}`), headers: { 'x-a': String(count) } });
    const request = { method: 'PUT', body: Buffer.from('first'), again } as const;
    await get(server.url, request, transportWith(60_000));
    expect(server.asked.map(({ body, headers }) => [body, headers['x-a']])).toEqual([
      ['first', undefined],
      ['again 1', '1'],
      ['again 2', '2'],
    ]);
  });

  test('is not retried if it is no longer needed', async () => {
    const server = await serveInOrder(fault, good);
    const answer = { status: 201, headers: new Headers(), body: Buffer.alloc(0), url: server.url };
    const request = {
      method: 'PUT',
      body: Buffer.from('x'),
      again: () => Promise.resolve(answer),
    } as const;
    expect(await get(server.url, request, transportWith(60_000))).toBe(answer);
    expect(server.asked).toHaveLength(1);
  });
});
