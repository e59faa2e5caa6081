// The embedded timestamp authority, with both of its request formats.
import { X509Certificate } from 'node:crypto';

import { afterAll, expect, test } from '@jest/globals';
import { ASN1Obj, RFC3161Timestamp } from '@sigstore/core';
import { TrustedRoot } from '@sigstore/protobuf-specs';

import { boolean, integer, nothing, octets, oid, sequence } from './sigstore/der.ts';
import { sha256 } from './sigstore/signed-digest.ts';
import { startSigstore } from './start.ts';

const sigstore = await startSigstore();
afterAll(() => sigstore.stop());

function post(url: string, body: object | Buffer, type = 'application/json'): Promise<Response> {
  const bytes = Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body);
  return fetch(url, { method: 'POST', headers: { 'Content-Type': type }, body: bytes });
}

const endpoint = `${sigstore.tsa}/api/v1/timestamp`;
const data = Buffer.from('signature bytes');

test('answers a DER query with its nonce and, on request, its certificate', async () => {
  const nonce = integer(Buffer.from('8fffffffffffffffff', 'hex'));
  const imprint = sequence(
    sequence(oid('2.16.840.1.101.3.4.2.1'), nothing()),
    octets(sha256(data)),
  );
  const response = await post(
    endpoint,
    sequence(integer(1), imprint, nonce, boolean(true)),
    'application/timestamp-query',
  );
  const reply = Buffer.from(await response.arrayBuffer());
  const timestamp = RFC3161Timestamp.parse(reply);
  const [authority] = TrustedRoot.fromJSON(sigstore.trustedRoot).timestampAuthorities;
  const leaf = authority?.certChain?.certificates[0]?.rawBytes ?? Buffer.alloc(0);
  expect(() => timestamp.verify(data, new X509Certificate(leaf).publicKey)).not.toThrow();
  expect([reply.includes(nonce), reply.includes(leaf)]).toEqual([true, true]);
  expect(Math.abs(timestamp.signingTime.getTime() - Date.now())).toBeLessThan(60_000);
});

test('answers a JSON query and rejects a hash of the wrong length', async () => {
  const query = {
    artifactHash: sha256(data).toString('base64'),
    hashAlgorithm: 'sha256',
    nonce: 123456,
  };
  const response = await post(endpoint, query);
  expect(
    ASN1Obj.parseBuffer(Buffer.from(await response.arrayBuffer())).subs[0]?.subs[0]?.toInteger(),
  ).toBe(0n);
  expect((await post(endpoint, { ...query, hashAlgorithm: 'sha512' })).status).toBe(400);
  expect((await post(endpoint, { ...query, hashAlgorithm: 'sha1' })).status).toBe(400);
  expect((await post(endpoint, Buffer.from('rubbish'), 'application/timestamp-query')).status).toBe(
    400,
  );
});
