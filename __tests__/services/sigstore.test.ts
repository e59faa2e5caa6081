// The embedded Sigstore instance, judged by Sigstore's own client libraries, and the requests it must refuse.
import { createHash, createPublicKey, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { bundleFromJSON, bundleToJSON } from '@sigstore/bundle';
import type { Bundle } from '@sigstore/bundle';
import { ASN1Obj, RFC3161Timestamp } from '@sigstore/core';
import { TransparencyLogEntry, TrustedRoot } from '@sigstore/protobuf-specs';
import { DSSEBundleBuilder, FulcioSigner, RekorWitness, TSAWitness } from '@sigstore/sign';
import type { Witness } from '@sigstore/sign';
import { Verifier, toSignedEntity, toTrustMaterial } from '@sigstore/verify';
import type { Signer } from '@sigstore/verify';

import { boolean, integer, nothing, octets, oid, sequence } from './sigstore/der.ts';
import { sha256, verifySignedDigest } from './sigstore/signed-digest.ts';
import { startOidc, startSigstore } from './start.ts';
import type { SigstoreHandle } from './start.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';
const oidc = await startOidc({ issuer: ISSUER });
const issuers = [{ issuer: ISSUER, jwks: oidc.jwks }];
const [sigstore, other] = await Promise.all([startSigstore({ issuers, checkpointDelay: 20 }), startSigstore({ issuers })]);
const goodToken = { issuer: ISSUER, claims: {}, expiresIn: 300, signature: 'good' } as const;
const goodCertificate = { sct: 'good', omittedExtensions: [], startsIn: 0, lifetimeSeconds: 600, clockAhead: 0 } as const;

beforeEach(async () => {
  await Promise.all([oidc.set(goodToken), sigstore.set(goodCertificate)]);
});
afterAll(() => Promise.all([oidc.stop(), sigstore.stop(), other.stop()]));

const statement = { data: Buffer.from('{"_type":"https://in-toto.io/Statement/v1"}'), type: 'application/vnd.in-toto+json' };

function createSigner(): FulcioSigner {
  return new FulcioSigner({ fulcioBaseURL: sigstore.fulcio, identityProvider: { getToken: () => oidc.token('sigstore') } });
}

function createBundle(witnesses: Witness[]): Promise<Bundle> {
  return new DSSEBundleBuilder({ signer: createSigner(), witnesses }).create(statement);
}

function bothWitnesses(): Witness[] {
  return [new RekorWitness({ rekorBaseURL: sigstore.rekorV1, entryType: 'dsse' }), new TSAWitness({ tsaBaseURL: sigstore.tsa })];
}

function verify(bundle: Bundle, options: object = { timestampThreshold: 2 }, instance: SigstoreHandle = sigstore): Signer {
  const trust = toTrustMaterial(TrustedRoot.fromJSON(instance.trustedRoot));
  const parsed = bundleFromJSON(JSON.parse(JSON.stringify(bundleToJSON(bundle))));
  return new Verifier(trust, options).verify(toSignedEntity(parsed), { subjectAlternativeName: /^https:/ as unknown as string });
}

function leafOf({ verificationMaterial: { content } }: Bundle): X509Certificate {
  if (content.$case !== 'certificate') throw new Error('bundle without a certificate');
  return new X509Certificate(content.certificate.rawBytes);
}

function post(url: string, body: object | Buffer, type = 'application/json'): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { 'Content-Type': type }, body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) });
}

const pem = (key: KeyObject): string => key.export({ format: 'pem', type: 'spki' }).toString();
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('a bundle', () => {
  test('signed through Fulcio, Rekor v1 and the timestamp authority verifies, entry after entry', async () => {
    for (let entry = 0; entry < 6; entry += 1) {
      const signer = verify(await createBundle(bothWitnesses()));
      expect(signer.identity).toMatchObject({
        subjectAlternativeName: 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main',
        extensions: { issuer: ISSUER },
      });
    }
  });

  test('does not verify against another instance', async () => {
    const bundle = await createBundle(bothWitnesses());
    expect(() => verify(bundle, undefined, other)).toThrow();
  });

  test('carries the claims of the token in its certificate', async () => {
    await oidc.set({ claims: { repository: 'other/tool', ref: 'refs/tags/v2', environment: 'production', job_workflow_ref: 'org/ci/.github/workflows/build.yml@refs/tags/v1' } });
    const { identity } = verify(await createBundle(bothWitnesses()));
    expect(identity?.subjectAlternativeName).toBe('https://github.com/org/ci/.github/workflows/build.yml@refs/tags/v1');
    const extensions = Object.fromEntries((identity?.oids ?? []).map(({ oid: id, value }) => [id?.id.at(-1) ?? 0, value.toString()]));
    expect(extensions).toMatchObject({ 1: ISSUER, 5: 'other/tool', 12: expect.stringContaining('https://github.com/other/tool'), 18: expect.stringContaining('other/tool/.github/workflows/release.yml@refs/tags/v2'), 23: expect.stringContaining('production'), 24: expect.stringContaining('repo:other/tool:environment:production') });
  });

  test('with a hashedrekord entry of Rekor v2 verifies', async () => {
    for (let entry = 0; entry < 3; entry += 1) {
      const bundle = await createBundle([new TSAWitness({ tsaBaseURL: sigstore.tsa })]);
      const response = await post(`${sigstore.rekorV2}/api/v2/log/entries`, { hashedRekordRequestV002: recordOf(bundle) });
      expect(response.status).toBe(201);
      const logged = await response.json();
      expect(logged).toMatchObject({ kindVersion: { kind: 'hashedrekord', version: '0.0.2' }, integratedTime: '0', inclusionPromise: null });
      bundle.verificationMaterial.tlogEntries = [TransparencyLogEntry.fromJSON(logged) as Bundle['verificationMaterial']['tlogEntries'][number]];
      expect(verify(bundle, {}).identity?.extensions?.issuer).toBe(ISSUER);
      expect(() => verify(bundle, {}, other)).toThrow();
    }
  });

  test('without a timestamp of a known CT log, or timestamped out of the certificate’s time, is refused', async () => {
    for (const setting of [{ sct: 'none' }, { sct: 'foreign' }, { clockAhead: 3600 }, { startsIn: -3600 }] as const) {
      await sigstore.set({ ...goodCertificate, ...setting });
      const bundle = await createBundle(bothWitnesses());
      expect(() => verify(bundle)).toThrow();
    }
  });

  test('can lack extensions and the code-signing usage', async () => {
    await sigstore.set({ omittedExtensions: ['8', '1'], extendedKeyUsage: '' });
    const bundle = await createBundle(bothWitnesses());
    expect(leafOf(bundle).keyUsage).toBeUndefined();
    expect(verify(bundle).identity?.extensions?.issuer).toBeUndefined();
    await sigstore.set({ extendedKeyUsage: '1.3.6.1.5.5.7.3.3' });
    expect(leafOf(await createBundle(bothWitnesses())).keyUsage).toEqual(['1.3.6.1.5.5.7.3.3']);
  });
});

function recordOf(bundle: Bundle): { digest: string; signature: { content: string; verifier: object } } {
  if (bundle.content.$case !== 'dsseEnvelope') throw new Error('not a DSSE bundle');
  const { payload, payloadType, signatures } = bundle.content.dsseEnvelope;
  const encoding = Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `), payload]);
  const verifier = { x509Certificate: { rawBytes: leafOf(bundle).raw.toString('base64') }, keyDetails: 'PKIX_ECDSA_P256_SHA_256' };
  return { digest: sha256(encoding).toString('base64'), signature: { content: signatures[0]?.sig.toString('base64') ?? '', verifier } };
}

describe('Fulcio', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  async function request(token: string, challenge = 'repo:acme/app:ref:refs/heads/main', content = pem(publicKey)): Promise<{ status: number; text: string }> {
    const proofOfPossession = sign('sha256', Buffer.from(challenge), privateKey).toString('base64');
    const body = { credentials: { oidcIdentityToken: token }, publicKeyRequest: { publicKey: { algorithm: 'ECDSA', content }, proofOfPossession } };
    const response = await post(`${sigstore.fulcio}/api/v2/signingCert`, body);
    return { status: response.status, text: await response.text() };
  }

  test('issues leaf, intermediate and root', async () => {
    const { status, text } = await request(await oidc.token('sigstore'));
    const { signedCertificateEmbeddedSct } = JSON.parse(text) as { signedCertificateEmbeddedSct: { chain: { certificates: string[] } } };
    const [leaf, intermediate, root] = signedCertificateEmbeddedSct.chain.certificates.map((certificate) => new X509Certificate(certificate));
    expect(status).toBe(200);
    expect(leaf?.publicKey.equals(publicKey)).toBe(true);
    expect([leaf?.verify(intermediate?.publicKey as KeyObject), intermediate?.verify(root?.publicKey as KeyObject), root?.verify(root.publicKey)]).toEqual([true, true, true]);
    expect([leaf?.ca, intermediate?.ca, root?.ca]).toEqual([false, true, true]);
  });

  test.each([
    ['an unknown issuer', { issuer: 'https://evil.example' }, 'sigstore', 'is not configured'],
    ['a foreign signature', { signature: 'foreign' }, 'sigstore', 'signature does not verify'],
    ['another audience', {}, 'nobody', 'audience is nobody'],
    ['an expired token', { expiresIn: -1 }, 'sigstore', 'token is expired'],
  ] as const)('refuses %s', async (_what, settings, audience, reason) => {
    await oidc.set(settings);
    const { status, text } = await request(await oidc.token(audience));
    expect(status).toBe(401);
    expect(text).toContain('There was an error processing the identity token');
    expect(text).toContain(reason);
  });

  test('refuses text that is no token, without repeating it', async () => {
    const { status, text } = await request('not-a-token');
    expect(status).toBe(401);
    expect(text).not.toContain('not-a-token');
  });

  test('refuses a proof over another subject, and a key that is none', async () => {
    const token = await oidc.token('sigstore');
    expect(await request(token, 'repo:evil/app')).toMatchObject({ status: 400, text: expect.stringContaining('could not be verified') });
    expect(await request(token, undefined, 'no key')).toMatchObject({ status: 400, text: expect.stringContaining('could not be parsed') });
  });

  test('is not reached without the runner’s token', async () => {
    const response = await fetch(oidc.env.ACTIONS_ID_TOKEN_REQUEST_URL, { headers: { Authorization: 'Bearer wrong' } });
    expect(response.status).toBe(401);
  });
});

describe('Rekor v1', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const entries = (): string => `${sigstore.rekorV1}/api/v1/log/entries`;

  function hashedRekord(signed: string, claimed = signed): object {
    const value = createHash('sha256').update(claimed).digest('hex');
    const signature = { content: sign('sha256', Buffer.from(signed), privateKey).toString('base64'), publicKey: { content: base64(pem(publicKey)) } };
    return { apiVersion: '0.0.1', kind: 'hashedrekord', spec: { data: { hash: { algorithm: 'sha256', value } }, signature } };
  }

  test('logs once and points to the entry afterwards', async () => {
    const proposed = hashedRekord('artifact');
    const created = await post(entries(), proposed);
    expect(created.status).toBe(201);
    const entry = (await created.json()) as Record<string, { body: string }>;
    expect(JSON.parse(Buffer.from(Object.values(entry)[0]?.body ?? '', 'base64').toString())).toEqual(proposed);
    const again = await post(entries(), proposed);
    expect([again.status, again.headers.get('location')]).toEqual([409, `/api/v1/log/entries/${Object.keys(entry)[0] ?? ''}`]);
    const fetched = (await (await fetch(new URL(again.headers.get('location') ?? '', sigstore.rekorV1))).json()) as object;
    expect(Object.keys(fetched)).toEqual(Object.keys(entry));
    expect((await fetch(`${entries()}/${'0'.repeat(64)}`)).status).toBe(404);
  });

  test('refuses signatures that do not verify, and other kinds', async () => {
    const envelope = JSON.stringify({ payloadType: 'text/plain', payload: base64('hello'), signatures: [{ sig: base64('no signature') }] });
    const dsse = { apiVersion: '0.0.1', kind: 'dsse', spec: { proposedContent: { envelope, verifiers: [base64(pem(publicKey))] } } };
    for (const proposed of [hashedRekord('artifact', 'another'), dsse, { apiVersion: '0.0.2', kind: 'intoto', spec: {} }, {}]) {
      expect((await post(entries(), proposed)).status).toBe(400);
    }
  });
});

describe('Rekor v2', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const entries = (): string => `${sigstore.rekorV2}/api/v2/log/entries`;

  function record(signed: string, claimed = signed): object {
    const verifier = { publicKey: { rawBytes: publicKey.export({ format: 'der', type: 'spki' }).toString('base64') }, keyDetails: 'PKIX_ECDSA_P256_SHA_256' };
    return { hashedRekordRequestV002: { digest: sha256(claimed).toString('base64'), signature: { content: sign('sha256', Buffer.from(signed), privateKey).toString('base64'), verifier } } };
  }

  test('logs after a checkpoint, once', async () => {
    const proposed = record('artifact');
    const started = performance.now();
    expect((await post(entries(), proposed)).status).toBe(201);
    expect(performance.now() - started).toBeGreaterThan(15);
    expect((await post(entries(), proposed)).status).toBe(409);
  });

  test('refuses DSSE requests and signatures that do not verify', async () => {
    const dsse = { dsseRequestV002: { envelope: {}, verifiers: [] } };
    for (const proposed of [dsse, record('artifact', 'another'), { hashedRekordRequestV002: { digest: '' } }]) {
      expect((await post(entries(), proposed)).status).toBe(400);
    }
  });
});

describe('the timestamp authority', () => {
  const endpoint = `${sigstore.tsa}/api/v1/timestamp`;
  const data = Buffer.from('signature bytes');

  test('answers a DER query with its nonce and, when asked, its certificate', async () => {
    const nonce = integer(Buffer.from('8fffffffffffffffff', 'hex'));
    const imprint = sequence(sequence(oid('2.16.840.1.101.3.4.2.1'), nothing()), octets(sha256(data)));
    const response = await post(endpoint, sequence(integer(1), imprint, nonce, boolean(true)), 'application/timestamp-query');
    const reply = Buffer.from(await response.arrayBuffer());
    const timestamp = RFC3161Timestamp.parse(reply);
    const [certificate] = (sigstore.trustedRoot as { timestampAuthorities: { certChain: { certificates: { rawBytes: string }[] } }[] }).timestampAuthorities[0]?.certChain.certificates ?? [];
    const leaf = Buffer.from(certificate?.rawBytes ?? '', 'base64');
    expect(() => timestamp.verify(data, createPublicKey(new X509Certificate(leaf).publicKey.export({ format: 'pem', type: 'spki' })))).not.toThrow();
    expect([reply.includes(nonce), reply.includes(leaf)]).toEqual([true, true]);
    expect(Math.abs(timestamp.signingTime.getTime() - Date.now())).toBeLessThan(2000);
  });

  test('answers a JSON query, and refuses a hash of the wrong length', async () => {
    const query = { artifactHash: sha256(data).toString('base64'), hashAlgorithm: 'sha256', nonce: 123456 };
    const response = await post(endpoint, query);
    expect(ASN1Obj.parseBuffer(Buffer.from(await response.arrayBuffer())).subs[0]?.subs[0]?.toInteger()).toBe(0n);
    expect((await post(endpoint, { ...query, hashAlgorithm: 'sha512' })).status).toBe(400);
    expect((await post(endpoint, { ...query, hashAlgorithm: 'sha1' })).status).toBe(400);
    expect((await post(endpoint, Buffer.from('rubbish'), 'application/timestamp-query')).status).toBe(400);
  });
});

describe('a signature over a digest', () => {
  test.each([
    ['P-256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'sha256'],
    ['P-384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }), 'sha384'],
    ['P-384 with SHA-256', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }), 'sha256'],
    ['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 }), 'sha256'],
  ])('of %s verifies exactly when it should', (_name, generate, hash) => {
    for (let round = 0; round < 4; round += 1) {
      const { publicKey, privateKey } = generate();
      const data = Buffer.from(`artifact ${round}`);
      const digest = createHash(hash).update(data).digest();
      const signature = sign(hash, data, privateKey);
      expect(verifySignedDigest(digest, signature, publicKey)).toBe(true);
      expect(verifySignedDigest(createHash(hash).update('another').digest(), signature, publicKey)).toBe(false);
      expect(verifySignedDigest(digest, signature, generate().publicKey)).toBe(false);
      expect(verifySignedDigest(digest, Buffer.from('rubbish'), publicKey)).toBe(false);
    }
  });
});
