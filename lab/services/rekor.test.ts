// What the embedded logs accept, and what they must reject like the real ones.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';

import { afterAll, describe, expect, test } from '@jest/globals';

import { sha256, verifySignedDigest } from './sigstore/signed-digest.ts';
import { startSigstore } from './start.ts';

const sigstore = await startSigstore({ checkpointDelay: 20 });
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

afterAll(() => sigstore.stop());

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const signed64 = (text: string): string =>
  sign('sha256', Buffer.from(text), privateKey).toString('base64');
const verifier = base64(publicKey.export({ format: 'pem', type: 'spki' }).toString());

function post(url: string, body: object): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

describe('Rekor v1', () => {
  const entries = `${sigstore.rekorV1}/api/v1/log/entries`;

  function hashedRekord(signed: string, claimed = signed): object {
    const value = sha256(claimed).toString('hex');
    const signature = { content: signed64(signed), publicKey: { content: verifier } };
    return {
      apiVersion: '0.0.1',
      kind: 'hashedrekord',
      spec: { data: { hash: { algorithm: 'sha256', value } }, signature },
    };
  }

  test('logs an entry once and then returns its location', async () => {
    const proposed = hashedRekord('artifact');
    const created = await post(entries, proposed);
    expect(created.status).toBe(201);
    const entry = (await created.json()) as Record<string, { body: string }>;
    expect(
      JSON.parse(Buffer.from(Object.values(entry)[0]?.body ?? '', 'base64').toString()),
    ).toEqual(proposed);
    const again = await post(entries, proposed);
    expect([again.status, again.headers.get('location')]).toEqual([
      409,
      `/api/v1/log/entries/${Object.keys(entry)[0] ?? ''}`,
    ]);
    const fetched = (await (
      await fetch(new URL(again.headers.get('location') ?? '', sigstore.rekorV1))
    ).json()) as object;
    expect(Object.keys(fetched)).toEqual(Object.keys(entry));
    expect((await fetch(`${entries}/${'0'.repeat(64)}`)).status).toBe(404);
  });

  test('rejects invalid signatures and other kinds of entries', async () => {
    const signatures = [{ sig: base64('no signature') }];
    const envelope = JSON.stringify({
      payloadType: 'text/plain',
      payload: base64('hello'),
      signatures,
    });
    const dsse = {
      apiVersion: '0.0.1',
      kind: 'dsse',
      spec: { proposedContent: { envelope, verifiers: [verifier] } },
    };
    for (const proposed of [
      hashedRekord('artifact', 'another'),
      dsse,
      { apiVersion: '0.0.2', kind: 'intoto', spec: {} },
      {},
    ]) {
      expect((await post(entries, proposed)).status).toBe(400);
    }
  });
});

describe('Rekor v2', () => {
  const entries = `${sigstore.rekorV2}/api/v2/log/entries`;

  function record(signed: string, claimed = signed): object {
    const rawBytes = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    const key = { publicKey: { rawBytes }, keyDetails: 'PKIX_ECDSA_P256_SHA_256' };
    const signature = { content: signed64(signed), verifier: key };
    return { hashedRekordRequestV002: { digest: sha256(claimed).toString('base64'), signature } };
  }

  test('logs an entry once, after a checkpoint', async () => {
    const proposed = record('artifact');
    const started = performance.now();
    expect((await post(entries, proposed)).status).toBe(201);
    expect(performance.now() - started).toBeGreaterThan(15);
    const again = await post(entries, proposed);
    expect([again.status, again.headers.get('x-log-index')]).toEqual([409, '0']);
  });

  test('serves checkpoint and tiles, except at a write-only address', async () => {
    const read = (path: string): Promise<Response> => fetch(`${sigstore.rekorV2}/api/v2/${path}`);
    const { logIndex, inclusionProof } = (await (
      await post(entries, record('a second artifact'))
    ).json()) as { logIndex: string; inclusionProof: { hashes: string[] } };
    expect(logIndex).toBe('1');
    expect(await (await read('checkpoint')).text()).toMatch(/^127\.0\.0\.1\n2\n/);
    const tile = Buffer.from(await (await read('tile/0/000.p/2')).arrayBuffer());
    expect(tile).toHaveLength(64);
    expect(tile.subarray(0, 32).toString('base64')).toBe(inclusionProof.hashes[0]);
    for (const path of ['tile/0/000', 'tile/0/000.p/3', 'tile/1/000.p/1', 'tile/0/001.p/1', 'x'])
      expect((await read(path)).status).toBe(404);
    await sigstore.set({ tiles: 'absent' });
    expect((await read('checkpoint')).status).toBe(501);
  });

  test('rejects DSSE requests and invalid signatures', async () => {
    const dsse = { dsseRequestV002: { envelope: {}, verifiers: [] } };
    for (const proposed of [
      dsse,
      record('artifact', 'another'),
      { hashedRekordRequestV002: { digest: '' } },
    ]) {
      expect((await post(entries, proposed)).status).toBe(400);
    }
  });
});

describe('a signature over a digest', () => {
  test.each([
    ['P-256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'sha256'],
    ['P-384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }), 'sha384'],
    ['P-384 with SHA-256', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }), 'sha256'],
    ['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 }), 'sha256'],
  ])('of %s verifies exactly if it is valid', (_name, generate, hash) => {
    for (let round = 0; round < 4; round += 1) {
      const { publicKey, privateKey } = generate();
      const data = Buffer.from(`artifact ${round}`);
      const digest = createHash(hash).update(data).digest();
      const signature = sign(hash, data, privateKey);
      expect(verifySignedDigest(digest, signature, publicKey)).toBe(true);
      expect(
        verifySignedDigest(createHash(hash).update('another').digest(), signature, publicKey),
      ).toBe(false);
      expect(verifySignedDigest(digest, signature, generate().publicKey)).toBe(false);
      expect(verifySignedDigest(digest, Buffer.from('rubbish'), publicKey)).toBe(false);
    }
  });
});
