// The transport behind the proxy from the environment.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

import { afterAll, beforeEach, expect, test } from '@jest/globals';

import { startProxy } from '../../lab/services/proxy.ts';
import type { HttpAnswer } from '../../src/http/message.ts';
import { agentsFor } from '../../src/http/proxy.ts';
import { createTransport } from '../../src/http/transport.ts';
import { serve } from '../../lab/services/loopback.ts';

const server = await serve(() => ({ body: 'direct' }));
const proxy = await startProxy(() => undefined);

beforeEach(() => void proxy.asked());
afterAll(() => proxy.stop());

function get(
  address: string,
  variables: Readonly<Record<string, string>>,
  retryTimeout = 0,
): Promise<HttpAnswer> {
  const transport = createTransport({
    retryTimeout,
    onRetry: () => undefined,
    agentFor: agentsFor(variables),
  });
  return transport({ method: 'GET', url: new URL(address), limit: 1000 });
}

test.each(['https_proxy', 'HTTPS_PROXY'])('requests a tunnel of %s', async (name) => {
  const answer = get('https://registry.example/v2/', { [name]: proxy.env.HTTPS_PROXY });
  await expect(answer).rejects.toMatchObject({
    message: expect.stringMatching(
      /^Cannot reach "registry.example": GET registry.example\/v2\/ answered 403 from the proxy \(attempt 1\b/,
    ),
    remedy: 'check the address, and that this runner can connect to registry.example',
  });
  expect(proxy.asked()).toEqual(['registry.example:443']);
});

test.each([
  ['HTTP/1.1 503 Busy\r\n\r\n', 'answered 503 from the proxy'],
  ['', 'failed: ERR_PROXY_TUNNEL'],
])('requests a tunnel again after %j', async (said, state) => {
  const busy = http.createServer().on('connect', (_, socket: Duplex) => socket.end(said));
  await once(busy.listen(0, '127.0.0.1'), 'listening');
  const { port } = busy.address() as AddressInfo;
  const variables = { HTTPS_PROXY: `http://127.0.0.1:${port}` };
  await expect(get('https://registry.example/v2/', variables, 5000)).rejects.toMatchObject({
    message: expect.stringMatching(new RegExp(`/v2/ ${state} \\(attempt [2-9] after \\d+ s\\)$`)),
    remedy: 'run the job again later, or raise "retry-timeout"',
  });
  busy.close();
});

test('sends plain HTTP to HTTP_PROXY', async () => {
  const { HTTP_PROXY } = proxy.env;
  expect(await get('http://registry.example/v2/', { HTTP_PROXY })).toMatchObject({ status: 403 });
  expect(proxy.asked()).toEqual(['registry.example']);
});

test.each([
  ['registry.example', 'https://registry.example/', true],
  ['example', 'https://registry.example/', true],
  ['.example', 'https://registry.example/', true],
  ['*', 'https://registry.example/', true],
  ['other, registry.example', 'https://registry.example/', true],
  ['other registry.example', 'https://registry.example/', true],
  ['gistry.example', 'https://registry.example/', false],
  ['registry.example:444', 'https://registry.example/', false],
  ['', 'https://registry.example/', false],
])('NO_PROXY=%j excludes %s: %s', async (NO_PROXY, address, isDirect) => {
  const { HTTPS_PROXY } = proxy.env;
  const failure = get(address, { HTTPS_PROXY, NO_PROXY });
  await expect(failure).rejects.toThrow(isDirect ? /ENOTFOUND|EAI_AGAIN/ : /403 from the proxy/);
});

test.each([
  ['127.0.0.0/8', true],
  ['10.0.0.0/8', false],
  ['127.0.0.1', true],
])('NO_PROXY=%j excludes 127.0.0.1: %s', async (NO_PROXY, isDirect) => {
  const { HTTP_PROXY } = proxy.env;
  const { status } = await get(server.url.href, { HTTP_PROXY, NO_PROXY });
  expect(status).toBe(isDirect ? 200 : 403);
});

test('rejects an invalid address without its password', () => {
  expect(() => agentsFor({ HTTPS_PROXY: 'http://user:%ZZSECRET@proxy.example' })).toThrow(
    /^Cannot use the proxy in HTTPS_PROXY or HTTP_PROXY: it is not a proxy address$/,
  );
});
