// A bundle signed with a key has the form of cosign v3's, and verifies with the public key, for every kind of key and log.
import { createHash, generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { digestOf } from '../../../src/model/digest.ts';
import type { SignedBundle } from '../../../src/model/bundle.ts';
import type { Statement } from '../../../src/model/statement.ts';
import type { Concluded } from '../../../src/model/verdict.ts';
import { openStatementSigner } from '../../../src/sigstore/sign/statement-signer.ts';
import { trustFromFile } from '../../../src/sigstore/trust/trust-file.ts';
import { byKeys } from '../../../src/sigstore/verify/trusted.ts';
import { conclusive, createVerifier } from '../../../src/sigstore/verify/verifier.ts';
import { problemOf, transportWith } from '../../registry/connect.ts';
import type { BundleJson } from '../../../lab/bundles/bundle-json.ts';
import { startInstance } from '../../../lab/bundles/instance.ts';
import { rsaPair } from '../../../lab/bundles/rsa.ts';
import { DIGEST, statementAbout } from '../../../lab/bundles/statement.ts';

const instance = await startInstance();
const { sigstore, trust } = instance;
const store = await trustFromFile(trust.trustedRoot);
const root = TrustedRoot.fromJSON(JSON.parse(await readFile(trust.trustedRoot, 'utf8')));

beforeEach(() => Promise.all([sigstore.mend(), sigstore.clear()]));
afterAll(() => instance.stop());

type Version = 1 | 2;

const ec = (namedCurve: string): KeyPairKeyObjectResult =>
  generateKeyPairSync('ec', { namedCurve });
const P256 = ec('P-256');
const P384 = ec('P-384');
const P521 = ec('P-521');
const RSA = rsaPair(2048);
const ED25519 = generateKeyPairSync('ed25519');

async function sign(
  key: KeyPairKeyObjectResult,
  versions: readonly Version[],
  timestampAuthorities: readonly string[] = [sigstore.tsa],
): Promise<SignedBundle> {
  const signer = await openStatementSigner({
    key,
    services: {
      fulcio: sigstore.fulcio,
      logs: versions.map((version) => ({
        url: version === 1 ? sigstore.rekorV1 : sigstore.rekorV2,
        version,
      })),
      timestampAuthorities,
    },
    logIds: () => Promise.resolve(root.tlogs.flatMap(({ logId }) => logId?.keyId ?? [])),
    transport: transportWith(10_000),
  });
  return signer.sign(statementAbout() as unknown as Statement, [
    { repository: { registry: 'registry.example', path: 'acme/app' }, digest: DIGEST },
  ]);
}

function verifyBy(
  { publicKey: key }: KeyPairKeyObjectResult,
  bundle: SignedBundle,
): Promise<Concluded> {
  const spki = key.export({ format: 'der', type: 'spki' });
  const keys = [{ key, spki, fingerprint: digestOf(spki), from: 'cosign.pub' }] as const;
  const verify = conclusive(createVerifier(byKeys(keys, store)));
  return verify({ source: 'this step', place: 'here', json: bundle.json }, DIGEST);
}

const parsed = ({ json }: SignedBundle): BundleJson => JSON.parse(json.toString()) as BundleJson;

describe('a bundle signed with a key', () => {
  test.each<[string, KeyPairKeyObjectResult, readonly Version[]]>([
    ['P-256 in Rekor v1', P256, [1]],
    ['P-256 in Rekor v2', P256, [2]],
    ['P-256 in both', P256, [1, 2]],
    ['P-256 without a log', P256, []],
    ['P-384 in Rekor v1', P384, [1]],
    ['P-384 in Rekor v2', P384, [2]],
    ['P-521 in Rekor v1', P521, [1]],
    ['P-521 in Rekor v2', P521, [2]],
    ['RSA 2048 in Rekor v1', RSA, [1]],
    ['RSA 2048 in both', RSA, [1, 2]],
    ['RSA 3072 in Rekor v2', rsaPair(3072), [2]],
    ['RSA 4096 in Rekor v2', rsaPair(4096), [2]],
    ['Ed25519 in Rekor v1', ED25519, [1]],
    ['Ed25519 without a log', ED25519, []],
  ])(
    'verifies with the public key: %s',
    async (_, key, versions) => {
      const bundle = await sign(key, versions);
      expect(await verifyBy(key, bundle)).toMatchObject({
        verified: { signer: { from: 'cosign.pub' }, logEntries: { length: versions.length } },
      });
      expect(await verifyBy(ec('P-256'), bundle)).toHaveProperty('rejected');
    },
    30_000,
  );

  test('verifies without a timestamp', async () => {
    expect(await verifyBy(P384, await sign(P384, [2], []))).toHaveProperty('verified');
  });
});

test('names the key by its digest and has no certificate, like a bundle of cosign v3', async () => {
  const { mediaType, verificationMaterial, dsseEnvelope } = parsed(await sign(P256, [1]));
  const spki = P256.publicKey.export({ format: 'der', type: 'spki' });
  expect(mediaType).toBe('application/vnd.dev.sigstore.bundle.v0.3+json');
  expect(Object.keys(verificationMaterial).sort()).toEqual([
    'publicKey',
    'timestampVerificationData',
    'tlogEntries',
  ]);
  expect(verificationMaterial.publicKey).toEqual({
    hint: createHash('sha256').update(spki).digest('base64'),
  });
  expect(dsseEnvelope?.signatures).toEqual([{ sig: expect.any(String) }]);
});

test('sends the kind of the key to Rekor v2', async () => {
  await sign(P384, [2]);
  const [{ body } = { body: '{}' }] = (await sigstore.requests()).filter(
    ({ server }) => server === 'rekor-v2',
  );
  expect(JSON.parse(body.toString())).toMatchObject({
    hashedRekordRequestV002: {
      signature: {
        verifier: {
          keyDetails: 'PKIX_ECDSA_P384_SHA_384',
          publicKey: {
            rawBytes: P384.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
          },
        },
      },
    },
  });
});

test.each<[Version, KeyPairKeyObjectResult]>([
  [1, P384],
  [2, P384],
  [1, RSA],
  [2, RSA],
])('finds the entry in the log if a response of Rekor v%d is lost', async (version, key) => {
  const server = `rekor-v${version}`;
  const lost = { reset: true, processed: true } as const;
  await sigstore.fault({ server, path: '', times: 1, action: lost });
  expect(await verifyBy(key, await sign(key, [version]))).toHaveProperty('verified');
});

test('logs the same RSA signature as the same entry', async () => {
  const entries = [await sign(RSA, [1]), await sign(RSA, [1])].map((bundle) => {
    const [entry] = parsed(bundle).verificationMaterial.tlogEntries;
    return [entry?.logIndex, entry?.integratedTime, entry?.canonicalizedBody];
  });
  expect(entries[1]).toEqual(entries[0]);
});

describe('a key that a log does not accept', () => {
  test.each<[string, KeyPairKeyObjectResult, readonly Version[], string]>([
    ['Ed25519', ED25519, [2], 'Rekor v2 accepts no signature of an Ed25519 key'],
    ['P-384', P384, [1, 2], 'Rekor v1 hashes with SHA-256, and Rekor v2 with SHA-384 for this key'],
    ['P-521', P521, [1, 2], 'Rekor v1 hashes with SHA-256, and Rekor v2 with SHA-512 for this key'],
  ])('is rejected before anything is signed: %s', async (_, key, versions, state) => {
    expect(await problemOf(sign(key, versions))).toMatchObject({
      kind: 'input',
      code: 'INPUT_CONFLICT',
      message: `Cannot log what the key signs: ${state}`,
      remedy: 'sign with an ECDSA P-256 key, which every log takes',
    });
    expect(await sigstore.requests()).toEqual([]);
  });
});
