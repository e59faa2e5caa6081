// The transport with servers that fail temporarily, stall, redirect, and report wrong sizes.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';

import { describe, expect, test } from '@jest/globals';

import { ActionError } from '../../src/errors.ts';
import { type Deadline, deadlineIn } from '../../src/http/deadline.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../../src/http/message.ts';
import { createTransport } from '../../src/http/transport.ts';
import {
  type Answer,
  closedPort,
  serve,
  serveInOrder,
  serveTls,
} from '../../lab/services/loopback.ts';
import { until } from '../../lab/services/until.ts';

const SOON = { 'retry-after': '0' };
const good = { body: 'good' };
const [TRANSPORT, PROXY] = ['transport', 'proxy'].map((name) =>
  JSON.stringify(new URL(`../../src/http/${name}.ts`, import.meta.url).href),
);

function transportWith(
  retryTimeout: number,
  deadline?: Deadline,
): Transport & { readonly said: readonly string[] } {
  const said: string[] = [];
  return Object.assign(
    createTransport({ retryTimeout, onRetry: (message) => said.push(message), deadline }),
    { said },
  );
}

const get = (
  url: URL,
  rest: Partial<HttpRequest> = {},
  transport = transportWith(0),
): Promise<HttpAnswer> => transport({ method: 'GET', url, limit: 1000, ...rest });

async function refusalOf(answer: Promise<HttpAnswer>): Promise<ActionError> {
  const outcome: unknown = await answer.catch((error: unknown) => error);
  if (outcome instanceof ActionError) return outcome;
  throw new Error('It was answered', { cause: outcome });
}

describe('an answer', () => {
  test.each([200, 204, 206, 304, 400, 401, 403, 404, 409, 412, 416, 501, 505])(
    'of status %i is an answer, and asked for once',
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

  test('is to a request as it was given, with our name, and without compression', async () => {
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

describe('a fault that passes', () => {
  test.concurrent.each<[string, Answer]>([
    ...[408, 425, 429, 500, 502, 503, 504].map((status): [string, Answer] => [
      String(status),
      { status, headers: SOON },
    ]),
    ['a 403 that says when to come back', { status: 403, headers: SOON }],
    ['a 403 for a rate limit', { status: 403, body: '{"message":"API Rate Limit exceeded"}' }],
    ['a closed connection', 'reset'],
  ])('is asked again: %s', async (_, fault) => {
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
    'waits as long as the server says, in seconds or until a date, and never not at all',
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
        // A date has no parts of a second.
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

  test.concurrent('is not waited for beyond the budget', async () => {
    const server = await serveInOrder({ status: 503, headers: { 'retry-after': '3600' } });
    const { kind, code, message, remedy } = await refusalOf(
      get(server.url, {}, transportWith(5000)),
    );
    expect({ kind, code, message, remedy }).toEqual({
      kind: 'service',
      code: 'SERVICE_UNREACHABLE',
      message: `Cannot reach "${server.url.host}": GET ${server.url.host}/ answered 503 (attempt 1)`,
      remedy: 'run the job again later, or raise "retry-timeout"',
    });
  });

  test.concurrent('spends the one budget of all requests', async () => {
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

  test.concurrent('starts the budget, which work before it has not spent', async () => {
    const server = await serveInOrder(good, { status: 503, headers: SOON }, good);
    const transport = transportWith(2500);
    await get(server.url, {}, transport);
    await new Promise((resolve) => setTimeout(resolve, 2600));
    expect((await get(server.url, {}, transport)).status).toBe(200);
  });

  test.concurrent('ends the request when nothing may be retried', async () => {
    const server = await serveInOrder({ status: 503 });
    await refusalOf(get(server.url));
    expect(server.asked).toHaveLength(1);
  });
});

describe('no answer', () => {
  test.concurrent(
    'to a host that does not listen: three attempts, regardless of the budget',
    async () => {
      const transport = transportWith(60_000);
      const url = new URL(`http://127.0.0.1:${await closedPort()}/x?sig=secret`);
      const { message, remedy } = await refusalOf(get(url, {}, transport));
      expect(message).toBe(
        `Cannot reach "${url.host}": GET ${url.host}/x failed: ECONNREFUSED (attempt 3)`,
      );
      expect(remedy).toBe(`check the address, and that this runner can connect to ${url.host}`);
      expect(transport.said).toHaveLength(2);
      expect(transport.said.join()).not.toContain('secret');
    },
  );

  test.concurrent.each<Answer>(['hang', 'stall'])('in time: %s', async (answer) => {
    const server = await serveInOrder(answer);
    const { message, remedy } = await refusalOf(
      get(new URL('/x?sig=secret', server.url), { timeout: 1000 }),
    );
    expect(message).toBe(
      `Cannot reach "${server.url.host}": GET ${server.url.host}/x failed: timeout (attempt 1)`,
    );
    expect(remedy).toContain('"retry-timeout"');
  });

  test.concurrent.each<[string, string, Record<string, string>]>([
    ['a header with a line break', '', { authorization: 'Bearer SECRET\nSECRET' }],
    ['a login in the address', 'user:SECRET@', {}],
  ])('to what is not sent, and not repeated: %s', async (_, login, headers) => {
    const server = await serve(() => good);
    const url = new URL(server.url.href.replace('//', `//${login}`));
    const { message, remedy } = await refusalOf(get(url, { headers }));
    expect(message).toBe(
      `Cannot reach "${url.host}": GET ${url.host}/ failed: the request could not be sent (attempt 1)`,
    );
    expect(remedy).toBe(`check the address, and the credentials for ${url.host}`);
  });

  test.concurrent('with an untrusted certificate is not retried', async () => {
    const server = await serveTls(() => good);
    const transport = transportWith(60_000);
    const { message, remedy } = await refusalOf(get(server.url, {}, transport));
    expect(message).toMatch(
      /failed: (UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN) \(attempt 1\)$/,
    );
    expect(remedy).toContain('NODE_EXTRA_CA_CERTS');
    expect([transport.said, server.asked]).toEqual([[], []]);
  });
});

describe('too much', () => {
  const tooLarge = {
    kind: 'service',
    code: 'LIMIT_EXCEEDED',
    message: expect.stringContaining('larger than 1000 bytes'),
  };

  test('is exactly over the limit', async () => {
    const server = await serve(({ path }) => ({ body: 'x'.repeat(Number(path.slice(1))) }));
    expect((await get(new URL('/1000', server.url))).body).toHaveLength(1000);
    expect(await refusalOf(get(new URL('/1001', server.url)))).toMatchObject(tooLarge);
  });

  test.each<[string, Answer]>([
    ['a body without an end', 'endless'],
    [
      'a body that grows when it is unpacked',
      { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(100_000)) },
    ],
  ])('is %s, and it is not asked for again', async (_, answer) => {
    const server = await serveInOrder(answer);
    expect(await refusalOf(get(server.url, {}, transportWith(60_000)))).toMatchObject(tooLarge);
    expect(server.asked).toHaveLength(1);
  });
});

describe('a redirect', () => {
  const credentials = { headers: { Authorization: 'Bearer secret', 'x-a': 'b' } };
  const to = (location: string, status = 307): Answer => ({ status, headers: { location } });

  test.each([301, 302, 303, 307, 308])(
    'of status %i is followed, and the answer says where it came from',
    async (status) => {
      const server = await serve(({ path }) => (path === '/' ? to('/there', status) : good));
      expect((await get(server.url)).url.pathname).toBe('/there');
    },
  );

  test('keeps credentials at their origin', async () => {
    const server = await serve(({ path }) => (path === '/' ? to('/there') : good));
    await get(server.url, credentials);
    expect(server.asked).toMatchObject([
      { headers: { authorization: 'Bearer secret' } },
      { path: '/there', headers: { authorization: 'Bearer secret', 'x-a': 'b' } },
    ]);
  });

  test('to another origin takes no credentials there, nor back', async () => {
    const storage = await serve(() => to(new URL('/back', registry.url).href));
    const registry = await serve(({ path }) =>
      path === '/' ? to(new URL('/blob?sig=x', storage.url).href) : good,
    );
    await get(registry.url, credentials);
    expect(storage.asked).toMatchObject([{ path: '/blob?sig=x', headers: { 'x-a': 'b' } }]);
    expect(registry.asked.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/', 'Bearer secret'],
      ['/back', undefined],
    ]);
    expect(storage.asked[0]?.headers.authorization).toBeUndefined();
  });

  test('goes five times and no more', async () => {
    const server = await serve(({ path }) =>
      path === '/0' ? good : to(`/${Number(path.slice(1)) - 1}`),
    );
    expect((await get(new URL('/5', server.url))).status).toBe(200);
    expect(await refusalOf(get(new URL('/6', server.url)))).toMatchObject({
      code: 'SERVICE_ANSWER',
      message: expect.stringContaining('it redirects more than 5 times'),
    });
  });

  test('is an answer where there is a body to send', async () => {
    const server = await serveInOrder(to('/there'));
    expect((await get(server.url, { method: 'PUT', body: Buffer.from('x') })).status).toBe(307);
    expect(server.asked).toHaveLength(1);
  });

  test.each(['http://[', 'file:///etc/passwd'])('to %s is an error', async (location) => {
    const server = await serveInOrder(to(location));
    expect(await refusalOf(get(server.url, {}, transportWith(60_000)))).toMatchObject({
      kind: 'service',
    });
  });

  test('from https to http is refused, and so is a certificate of another host', async () => {
    const plain = await serveInOrder(good);
    const secure = await serveTls(() => to(plain.url.href));
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), secure.authority]);
    const misnamed = new URL(secure.url);
    misnamed.hostname = 'localhost';
    expect(await refusalOf(get(misnamed))).toMatchObject({
      message: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
      remedy: `check the address, and that this runner can connect to ${misnamed.host}`,
    });
    expect(await refusalOf(get(secure.url, credentials))).toMatchObject({
      code: 'SERVICE_ANSWER',
      message: expect.stringContaining('but that is not https'),
    });
    expect([secure.asked.length, plain.asked.length]).toEqual([1, 0]);
  });
});

describe('the deadline of a step', () => {
  const late = {
    kind: 'service',
    code: 'LIMIT_EXCEEDED',
    message: expect.stringMatching(
      /^Cannot finish reading: GET \S+\/ had no answer within the 1 s allowed for reading$/,
    ),
  };

  test.concurrent.each<[string, Answer]>([
    ['an answer that does not come', 'hang'],
    ['another attempt', { status: 503, headers: { 'retry-after': '300' } }],
  ])('ends the wait for %s', async (_, answer) => {
    const server = await serveInOrder(answer);
    const transport = transportWith(600_000, deadlineIn(1000));
    expect(await refusalOf(get(server.url, {}, transport))).toMatchObject(late);
  });

  test.concurrent('lets nothing be asked after it', async () => {
    const server = await serveInOrder(good);
    const transport = transportWith(0, { signal: AbortSignal.abort(), milliseconds: 1000 });
    expect(await refusalOf(get(server.url, {}, transport))).toMatchObject(late);
    expect(server.asked).toEqual([]);
  });

  test.concurrent('does not delay an aborted request', async () => {
    const server = await serveInOrder('hang');
    const stop = new AbortController();
    const asking = get(server.url, { signal: stop.signal }, transportWith(0, deadlineIn(60_000)));
    void until(() => server.asked.length === 1).then(() => stop.abort());
    await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
  });
});

test('redirects give an attempt no more time', async () => {
  const server = await serve(async ({ path }) => {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return { status: 307, headers: { location: `${path}x` } };
  });
  const { message } = await refusalOf(get(server.url, { timeout: 2500 }));
  expect(message).toMatch(/failed: timeout \(attempt 1\)$/);
  expect(server.asked.length).toBeLessThan(4);
});

describe('a body that is taken as it comes', () => {
  const sinkInto = (pieces: string[]): Pick<HttpRequest, 'sink'> => ({
    sink() {
      pieces.push('(anew)');
      return (chunk) => void pieces.push(Buffer.from(chunk).toString());
    },
  });

  test('is not kept, and is taken from its beginning again after a fault', async () => {
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

  test('is one of a good answer alone', async () => {
    const server = await serveInOrder({ status: 404, body: 'none' });
    const pieces: string[] = [];
    expect((await get(server.url, sinkInto(pieces))).body.toString()).toBe('none');
    expect(pieces).toEqual([]);
  });

  test('has the same limit', async () => {
    const server = await serveInOrder('endless');
    expect(await refusalOf(get(server.url, sinkInto([])))).toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
  });
});

describe('a request that must not be repeated unchanged', () => {
  const fault = { status: 503, headers: SOON };

  test('is built again before each repetition', async () => {
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

  test('is not repeated where nothing is left to do', async () => {
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

describe('a request that is called off', () => {
  test('is never sent', async () => {
    const server = await serveInOrder(good);
    await expect(get(server.url, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(server.asked).toEqual([]);
  });

  test.each<[string, Answer]>([
    ['on its way', 'hang'],
    ['while it waits for another attempt', { status: 503, headers: { 'retry-after': '300' } }],
  ])('ends at once %s', async (_, answer) => {
    const server = await serveInOrder(answer);
    const stop = new AbortController();
    const asking = get(server.url, { signal: stop.signal }, transportWith(600_000));
    void until(() => server.asked.length === 1).then(() => stop.abort());
    await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
    expect(server.asked).toHaveLength(1);
  });
});

test('a proxy in the environment is used', async () => {
  const tunnels: (string | undefined)[] = [];
  const proxy = http
    .createServer((_request, response) => response.end('by proxy'))
    .on('connect', ({ url }: http.IncomingMessage, socket: Duplex) => {
      tunnels.push(url);
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      proxy.emit('connection', socket);
    });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const script = `
    import { createTransport } from ${TRANSPORT};
    import { useProxyFromEnvironment } from ${PROXY};
    useProxyFromEnvironment(process.env);
    const { body } = await createTransport({ retryTimeout: 0, onRetry() {} })({ method: 'GET', url: new URL('http://registry.example/v2/'), limit: 1000 });
    process.stdout.write(body);`;
  const { port } = proxy.address() as AddressInfo;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { env: { HTTP_PROXY: `http://127.0.0.1:${port}` } },
  );
  expect([stdout, tunnels]).toEqual(['by proxy', ['registry.example:80']]);
  proxy.close();
});

test.each<[number, number, RegExp]>([
  [
    403,
    60_000,
    /GET registry\.example\/v2\/ answered 403 from the proxy \(attempt 1\).* this runner can connect to registry\.example$/,
  ],
  [
    503,
    5000,
    /GET registry\.example\/v2\/ answered 503 from the proxy \(attempt [2-9]\).*run the job again later, or raise "retry-timeout"$/,
  ],
])('a proxy that answers %i is named as what refused', async (status, retryTimeout, said) => {
  const proxy = http
    .createServer()
    .on('connect', (_request: http.IncomingMessage, socket: Duplex) =>
      socket.end(`HTTP/1.1 ${status} Refused\r\n\r\n`),
    );
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  const script = `
    import { createTransport } from ${TRANSPORT};
    import { useProxyFromEnvironment } from ${PROXY};
    useProxyFromEnvironment(process.env);
    await createTransport({ retryTimeout: ${retryTimeout}, onRetry() {} })({ method: 'GET', url: new URL('https://registry.example/v2/'), limit: 1000 })
      .catch(({ message, remedy }) => process.stdout.write(message + ' ' + remedy));`;
  const { port } = proxy.address() as AddressInfo;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { env: { HTTPS_PROXY: `http://127.0.0.1:${port}` } },
  );
  proxy.close();
  expect(stdout).toMatch(said);
});
