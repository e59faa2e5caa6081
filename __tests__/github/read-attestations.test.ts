// Bundles that a list of attestations names, at addresses that must not see our token.
import { describe, expect, test } from '@jest/globals';

import { type Answer, serve } from '../../lab/services/loopback.ts';
import { encodeSnappy } from '../../lab/services/github/snappy.ts';
import { bundlesIn, listAt } from './listing.ts';
import { storeAt } from './github-fixture.ts';

describe('one bundle that cannot be read', () => {
  const lies: readonly (readonly [string, Answer, object])[] = [
    [
      'does not exist',
      { status: 404 },
      { code: 'SERVICE_ANSWER', message: expect.stringContaining('it answered 404') },
    ],
    [
      'is not Snappy',
      { body: Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]) },
      { code: 'SERVICE_ANSWER', message: expect.stringContaining('its body is not Snappy') },
    ],
    [
      'would be too large',
      { body: Buffer.from([0x81, 0x80, 0x80, 0x08, 0x00, 0x41]) },
      { code: 'SERVICE_ANSWER', message: expect.stringContaining('over the limit of 16777216') },
    ],
    [
      'is another object',
      { body: '{"error":"none"}' },
      { code: 'SERVICE_ANSWER', message: expect.stringContaining('its body is not a bundle') },
    ],
    ['does not arrive in time', { status: 503 }, { code: 'SERVICE_UNREACHABLE' }],
  ];

  test.each(lies)(
    'because it %s is a failure, and the others are found',
    async (_, answer, failure) => {
      const server = await serve(({ path }): Answer => {
        if (path.startsWith('/bad')) return answer;
        if (path.startsWith('/good'))
          return { body: encodeSnappy(Buffer.from('{"verificationMaterial":1}')) };
        const attestations = [
          { bundle_url: `${server.url.href}good` },
          { bundle: null, bundle_url: `${server.url.href}bad?sig=secret` },
          { bundle: { good: 2 } },
        ];
        return {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ attestations }),
        };
      });
      const listing = await listAt(storeAt(server.url.href.slice(0, -1)));
      expect([bundlesIn(listing), listing.attestations.map(({ position }) => position)]).toEqual([
        [{ verificationMaterial: 1 }, { good: 2 }],
        [1, 3],
      ]);
      expect(listing.failures).toMatchObject([failure]);
      expect(listing.failures[0]?.message).not.toContain('secret');
    },
  );

  test('because it is missing is left to the verifier', async () => {
    const nested = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const entries = [
      '{}',
      '{"bundle_url":"nowhere"}',
      '{"bundle":[]}',
      '{"bundle_url":{"toString":1}}',
      '{"bundle":null,"bundle_url":["https://a.example"]}',
      '{"bundle_url":"https://user:secret@a.example/"}',
      `{"bundle":${nested}}`,
      nested,
    ];
    const server = await serve(() => ({ body: `{"attestations":[${entries.join()}]}` }));
    const listing = await listAt(storeAt(server.url.href.slice(0, -1)));
    expect(listing.failures).toEqual([]);
    expect(bundlesIn(listing)).toEqual(entries.map(() => null));
  });

  test('because its address is not allowed is a failure', async () => {
    const addresses = ['http://a.example/x', 'file:///etc/passwd', 'data:,{}'];
    const server = await serve(() => ({
      body: JSON.stringify({ attestations: addresses.map((bundle_url) => ({ bundle_url })) }),
    }));
    const { attestations, failures } = await listAt(storeAt(server.url.origin));
    expect(attestations).toEqual([]);
    expect(
      failures.map(({ code, message }) => [code, message.endsWith('that is not https')]),
    ).toEqual(addresses.map(() => ['SERVICE_ANSWER', true]));
  });
});
