// The transport with servers that redirect.
import tls from 'node:tls';

import { afterAll, describe, expect, test } from '@jest/globals';

import { type Answer, serve, serveInOrder, serveTls } from '../../lab/services/loopback.ts';
import { get, good, refusalOf, transportWith } from './transport-fixture.ts';

// The process runs other tests, too, in which no server of ours is trusted.
const trusted = tls.getCACertificates('default');
afterAll(() => tls.setDefaultCACertificates(trusted));

describe('a redirect', () => {
  const credentials = { headers: { Authorization: 'Bearer secret', 'x-a': 'b' } };
  const to = (location: string, status = 307): Answer => ({ status, headers: { location } });

  test.each([301, 302, 303, 307, 308])(
    'of status %i is followed, and the response has the final URL',
    async (status) => {
      const server = await serve(({ path }) => (path === '/' ? to('/there', status) : good));
      expect((await get(server.url)).url.pathname).toBe('/there');
    },
  );

  test('keeps credentials at the same origin', async () => {
    const server = await serve(({ path }) => (path === '/' ? to('/there') : good));
    await get(server.url, credentials);
    expect(server.asked).toMatchObject([
      { headers: { authorization: 'Bearer secret' } },
      { path: '/there', headers: { authorization: 'Bearer secret', 'x-a': 'b' } },
    ]);
  });

  test('to another origin drops the credentials, even if it leads back', async () => {
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

  test('is followed at most five times', async () => {
    const server = await serve(({ path }) =>
      path === '/0' ? good : to(`/${Number(path.slice(1)) - 1}`),
    );
    expect((await get(new URL('/5', server.url))).status).toBe(200);
    expect(await refusalOf(get(new URL('/6', server.url)))).toMatchObject({
      code: 'SERVICE_ANSWER',
      message: expect.stringContaining('it redirects more than 5 times'),
    });
  });

  test('is returned and not followed if the request has a body', async () => {
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

  test('from https to http or to a host with another certificate is rejected', async () => {
    const plain = await serveInOrder(good);
    const secure = await serveTls(() => to(plain.url.href));
    tls.setDefaultCACertificates([...trusted, secure.authority]);
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

test('does not extend the timeout of an attempt with redirects', async () => {
  const server = await serve(async ({ path }) => {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return { status: 307, headers: { location: `${path}x` } };
  });
  const { message } = await refusalOf(get(server.url, { timeout: 2500 }));
  expect(message).toMatch(/failed: timeout \(attempt 1( after \d+ s)?\)$/);
  expect(server.asked.length).toBeLessThan(4);
});
