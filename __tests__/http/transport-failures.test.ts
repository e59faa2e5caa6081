// The transport without a good response: no connection, a timeout, an untrusted certificate, a server that never recovers.
import { describe, expect, test } from '@jest/globals';

import {
  type Answer,
  CLOSED_PORT,
  serve,
  serveInOrder,
  serveTls,
} from '../../lab/services/loopback.ts';
import { get, good, refusalOf, SOON, transportWith } from './transport-fixture.ts';

describe('a request without a response', () => {
  test.concurrent(
    'is attempted three times if the host does not listen, regardless of the budget',
    async () => {
      const transport = transportWith(60_000);
      const url = new URL(`http://127.0.0.1:${CLOSED_PORT}/x?sig=secret`);
      const { message, remedy } = await refusalOf(get(url, {}, transport));
      expect(message).toMatch(
        /^Cannot reach "(\S+)": GET \1\/x failed: ECONNREFUSED \(attempt 3 after \d s\)$/,
      );
      expect(remedy).toBe(`check the address, and that this runner can connect to ${url.host}`);
      expect(transport.said).toHaveLength(2);
      expect(transport.said.join()).not.toContain('secret');
    },
  );

  test.concurrent('is attempted thirty times at most, whatever is left of the budget', async () => {
    const server = await serveInOrder({ status: 503, headers: SOON });
    const { message } = await refusalOf(get(server.url, {}, transportWith(600_000)));
    expect(message).toMatch(/answered 503 \(attempt 30 after \d+ s\)$/);
    expect(server.asked).toHaveLength(30);
  });

  test.concurrent('fails at once if its headers are larger than Node reads', async () => {
    const server = await serveInOrder({ headers: { 'x-large': 'x'.repeat(20_000) }, body: 'good' });
    const transport = transportWith(60_000);
    const { message, remedy } = await refusalOf(get(server.url, {}, transport));
    expect(message.replace(/ after \d+ s/, '')).toBe(
      `Cannot reach "${server.url.host}": GET ${server.url.host}/ failed: headers of over 16 KiB (attempt 1)`,
    );
    expect(remedy).toContain('set NODE_OPTIONS to --max-http-header-size=65536');
    expect(transport.said).toEqual([]);
  });

  test.concurrent.each<Answer>(['hang', 'stall'])('fails with a timeout: %s', async (answer) => {
    const server = await serveInOrder(answer);
    const { message, remedy } = await refusalOf(
      get(new URL('/x?sig=secret', server.url), { timeout: 1000 }),
    );
    expect(message).toMatch(
      /^Cannot reach "(\S+)": GET \1\/x failed: timeout \(attempt 1 after \d s\)$/,
    );
    expect(remedy).toContain('"retry-timeout"');
  });

  test.concurrent.each<[string, string, Record<string, string>]>([
    ['a header with a line break', '', { authorization: 'Bearer SECRET\nSECRET' }],
    ['a login in the address', 'user:SECRET@', {}],
  ])('fails at once if it cannot be sent: %s', async (_, login, headers) => {
    const server = await serve(() => good);
    const url = new URL(server.url.href.replace('//', `//${login}`));
    const { message, remedy } = await refusalOf(get(url, { headers }));
    expect(message).toMatch(
      /^Cannot reach "(\S+)": GET \1\/ failed: the request could not be sent \(attempt 1( after \d s)?\)$/,
    );
    expect(remedy).toBe(`check the address, and the credentials for ${url.host}`);
  });

  test.concurrent('is not retried after an untrusted certificate', async () => {
    const server = await serveTls(() => good);
    const transport = transportWith(60_000);
    const { message, remedy } = await refusalOf(get(server.url, {}, transport));
    expect(message).toMatch(
      /failed: (UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN) \(attempt 1( after \d+ s)?\)$/,
    );
    expect(remedy).toContain('NODE_EXTRA_CA_CERTS');
    expect([transport.said, server.asked]).toEqual([[], []]);
  });
});
