// Accepts a timestamp only if it was granted for the signature that was sent.
import { createHash } from 'node:crypto';
import { RFC3161Timestamp } from '@sigstore/core';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { timestampWitness } from '../../../src/sigstore/sign/timestamp.ts';
import { type Answer, serve } from '../../../lab/services/loopback.ts';
import { problemOf, transportWith } from '../../registry/connect.ts';
import { integer, octets, oid, sequence } from '../../../lab/services/sigstore/der.ts';
import { startSigstore } from '../../../lab/services/start.ts';

const sigstore = await startSigstore();
const SIGNATURE = Buffer.from('a signature');
const ISSUED = '/api/v1/timestamp';

beforeEach(() => Promise.all([sigstore.mend(), sigstore.clear()]));
afterAll(() => sigstore.stop());

async function stamp(address: string, signature = SIGNATURE, retryTimeout = 0): Promise<Buffer> {
  const envelope = {
    payload: Buffer.alloc(0),
    payloadType: '',
    signatures: [{ sig: signature, keyid: '' }],
  };
  const { rfc3161Timestamps = [] } = await timestampWitness(
    address,
    transportWith(retryTimeout),
  ).testify({ $case: 'dsseEnvelope', dsseEnvelope: envelope }, '');
  return rfc3161Timestamps[0]?.signedTimestamp ?? Buffer.alloc(0);
}

const good = await stamp(sigstore.tsa);
const ofElse = await stamp(sigstore.tsa, Buffer.from('else'));

test('requests a timestamp as in RFC 3161', async () => {
  const timestamp = RFC3161Timestamp.parse(Buffer.from(await stamp(sigstore.tsa + ISSUED)));
  expect(() => timestamp.tstInfo.verify(SIGNATURE)).not.toThrow();
  const [request] = await sigstore.requests();
  expect(request).toMatchObject({
    method: 'POST',
    path: ISSUED,
    headers: { 'content-type': 'application/timestamp-query' },
  });
  const sha256 = sequence(oid('2.16.840.1.101.3.4.2.1'), Buffer.from([5, 0]));
  const digest = createHash('sha256').update(SIGNATURE).digest();
  expect(request?.body).toEqual(sequence(integer(1), sequence(sha256, octets(digest))));
});

test.each([
  ['', ISSUED],
  ['/', ISSUED],
  ['/tsr', '/tsr'],
  ['/api/v1/timestamp?tenant=1', '/api/v1/timestamp?tenant=1'],
])('sends the request for an authority at %j to %j', async (path, asked) => {
  const server = await serve(() => ({ status: 404 }));
  await problemOf(stamp(server.url.origin + path));
  expect(server.asked.map((request) => request.path)).toEqual([asked]);
});

test.each([
  ['503', { status: 503 }],
  ['a lost response', { reset: true, processed: true }],
  ['a truncated body', { truncate: true }],
] as const)('retries a transient fault: %s', async (_, action) => {
  await sigstore.fault({ server: 'tsa', path: '', times: 1, action });
  expect((await stamp(sigstore.tsa, SIGNATURE, 10_000)).length).toBeGreaterThan(100);
});

describe('a response that is not a timestamp of the signature', () => {
  const [, token = Buffer.alloc(0)] = RFC3161Timestamp.parse(Buffer.from(good)).root.subs.map(
    (part) => part.toDER(),
  );
  const status = (code: number): Buffer => sequence(integer(code));
  // Each octet string seems to contain another one that reaches into the next: the reader would try 2^28 ways.
  const entangled = Buffer.concat([
    Buffer.from([0x30, 28 * 4]),
    ...Array.from({ length: 28 }, () => Buffer.from([4, 2, 4, 5])),
  ]);
  const altered = (type: string, last: number): Buffer => {
    const bytes = Buffer.from(good);
    const encoded = oid(type);
    bytes.writeUInt8(last, bytes.indexOf(encoded) + encoded.length - 1);
    return bytes;
  };
  const bodies: readonly (readonly [string, Answer & object])[] = [
    ['a web page', { body: '<!doctype html>SECRET' }],
    ['nothing', { body: '' }],
    ['JSON', { body: '{"status":"SECRET"}' }],
    ['a rejection as in RFC 3161', { body: sequence(status(2)) }],
    ['a token that was not granted', { body: sequence(status(2), token) }],
    ['a token without a status', { body: token }],
    ['a truncated timestamp', { body: good.subarray(0, -1) }],
    ['a timestamp followed by other bytes', { body: Buffer.concat([good, Buffer.alloc(1)]) }],
    ['a timestamp of another signature', { body: ofElse }],
    ['deeply nested DER', { body: entangled }],
    ['another content type', { body: altered('1.2.840.113549.1.7.2', 3) }],
    ['another content', { body: altered('1.2.840.113549.1.9.16.1.4', 5) }],
    ['204', { status: 204 }],
    ['401', { status: 401, body: 'SECRET' }],
    ['a redirect', { status: 307, headers: { location: 'https://elsewhere.example/SECRET' } }],
  ];

  test.each(bodies)('is rejected: %s', async (_, answer) => {
    const server = await serve(() => answer);
    const problem = await problemOf(stamp(server.url.href));
    const state =
      answer.status === undefined ? '200 without a timestamp of the signature' : answer.status;
    expect(problem).toMatchObject({
      kind: 'service',
      code: 'SERVICE_REFUSED',
      remedy: expect.stringContaining('must be an RFC 3161 timestamp authority'),
    });
    expect(problem.message).toContain(
      `Cannot get a timestamp: POST ${server.url.host}${ISSUED} answered ${state}`,
    );
    expect(problem.message + problem.remedy).not.toContain('SECRET');
    expect(server.asked).toHaveLength(1);
  });
});
