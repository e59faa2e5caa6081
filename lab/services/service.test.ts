// The common part of the services: recording, faults, settings, and the end of the process.
import { createHash } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';

import { type RegistryHandle, startRegistry } from './start.ts';

let registry: RegistryHandle;

beforeAll(async () => {
  registry = await startRegistry();
});
afterEach(async () => {
  await registry.mend();
  await registry.clear();
});
afterAll(() => registry.stop());

const ping = (init?: RequestInit): Promise<Response> => fetch(`${registry.url}/v2/`, init);

describe('recorded requests', () => {
  test('have path, query, headers, body and status, oldest first', async () => {
    const path = '/v2/acme/app/blobs/uploads/?digest=sha256:1';
    await fetch(registry.url + path, {
      method: 'POST',
      body: 'bytes',
      headers: { 'X-Test': 'yes' },
    });
    await ping();
    const [upload, second] = await registry.requests();
    expect(upload).toMatchObject({ server: 'registry', method: 'POST', path, status: 400 });
    expect(upload?.headers).toHaveProperty('x-test', 'yes');
    expect(upload?.body.toString()).toBe('bytes');
    expect(second).toMatchObject({ method: 'GET', path: '/v2/', status: 200 });
  });

  test('are truncated to 64 KiB and can be cleared', async () => {
    await fetch(`${registry.url}/v2/acme/app/blobs/uploads/`, {
      method: 'POST',
      body: Buffer.alloc(100_000),
    });
    expect((await registry.requests())[0]?.body).toHaveLength(65_536);
    await registry.clear();
    expect(await registry.requests()).toEqual([]);
  });
});

describe('injected faults', () => {
  test('replace the response the given number of times', async () => {
    const action = { status: 503, headers: { 'Retry-After': '1' }, body: 'down' };
    await registry.fault({ method: 'GET', path: '^/v2/$', times: 1, action });
    const first = await ping();
    expect([first.status, first.headers.get('retry-after'), await first.text()]).toEqual([
      503,
      '1',
      'down',
    ]);
    expect((await ping()).status).toBe(200);
  });

  test('do not affect other methods and servers', async () => {
    await registry.fault({ method: 'PUT', path: '.', action: { status: 500 } });
    await registry.fault({ server: 'storage', path: '.', action: { status: 500 } });
    expect((await ping()).status).toBe(200);
  });

  test('delay the response and then serve it', async () => {
    await registry.fault({ path: '/v2/', action: { delay: 1000 } });
    const started = performance.now();
    expect((await ping()).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(950);
  });

  test('hang, reset and corrupt responses', async () => {
    await registry.fault({ path: '/v2/', times: 1, action: { hang: true } });
    await expect(ping({ signal: AbortSignal.timeout(2000) })).rejects.toThrow('timeout');
    await registry.fault({ path: '/v2/', times: 1, action: { reset: true } });
    await expect(ping()).rejects.toThrow('fetch failed');
    await registry.fault({ path: '/v2/', times: 1, action: { corrupt: true } });
    const corrupted = await ping();
    expect([corrupted.status, await corrupted.text()]).toEqual([200, '{|']);
    await registry.fault({ path: '/v2/', times: 1, action: { truncate: true } });
    const cut = await ping();
    expect(cut.status).toBe(200);
    await expect(cut.text()).rejects.toThrow('terminated');
    await registry.fault({ path: '/v2/', times: 1, action: { drip: true } });
    const dripping = await ping({ signal: AbortSignal.timeout(500) });
    expect(dripping.status).toBe(200);
    await expect(dripping.text()).rejects.toThrow('timeout');
  });

  test('can spread from one request to all that follow', async () => {
    const action = { status: 503 };
    await registry.fault({ path: '/v2/$', skip: 1, times: 1, spreads: true, action });
    const statuses: number[] = [];
    for (const path of ['/v2/', '/v2/', '/v2/', '/v2/acme/app/referrers/x'])
      statuses.push((await fetch(registry.url + path)).status);
    expect(statuses).toEqual([200, 503, 503, 503]);
  });

  test('can occur after the request was executed', async () => {
    const upload = `${registry.url}/v2/acme/app/blobs/uploads/?digest=sha256:${createHash('sha256').update('{}').digest('hex')}`;
    await registry.fault({
      method: 'POST',
      path: '',
      action: { status: 504, processed: true },
    });
    expect((await fetch(upload, { method: 'POST', body: '{}' })).status).toBe(504);
    const stored = upload.replace('uploads/?digest=', '');
    expect(await (await fetch(stored)).text()).toBe('{}');
  });
});

test('changes the behaviour of a running service by settings', async () => {
  await registry.set({ auth: 'basic' });
  expect((await ping()).status).toBe(401);
  await registry.set({ auth: 'none' });
  expect((await ping()).status).toBe(200);
});

test('does not respond after a stop', async () => {
  const other = await startRegistry();
  await other.stop();
  await expect(fetch(other.url)).rejects.toThrow('fetch failed');
});
