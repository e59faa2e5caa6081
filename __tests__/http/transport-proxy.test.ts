// The transport behind the proxy from the environment.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { promisify } from 'node:util';

import { expect, test } from '@jest/globals';

const [TRANSPORT, PROXY] = ['transport', 'proxy'].map((name) =>
  JSON.stringify(new URL(`../../src/http/${name}.ts`, import.meta.url).href),
);

test('uses the proxy from the environment', async () => {
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
    /GET registry\.example\/v2\/ answered 403 from the proxy \(attempt 1( after \d+ s)?\).* this runner can connect to registry\.example$/,
  ],
  [
    503,
    5000,
    /GET registry\.example\/v2\/ answered 503 from the proxy \(attempt [2-9]( after \d+ s)?\).*run the job again later, or raise "retry-timeout"$/,
  ],
])('names the proxy that answered %i', async (status, retryTimeout, said) => {
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
