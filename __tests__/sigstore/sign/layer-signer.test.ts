// Signatures in cosign v2's format are accepted by our own reader and verifier, keyless and with keys of every kind that the log accepts.
import { generateKeyPairSync, type KeyPairKeyObjectResult, X509Certificate } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { annotationsIn, bundleOfLayer } from '../../../src/cosign/layer.ts';
import { simpleSigningPayload } from '../../../src/cosign/payload.ts';
import type { SignedLayer } from '../../../src/model/bundle.ts';
import { type Digest, digestOf } from '../../../src/model/digest.ts';
import type { Statement } from '../../../src/model/statement.ts';
import type { Concluded } from '../../../src/model/verdict.ts';
import { legacyLog } from '../../../src/sigstore/sign/layer-signer.ts';
import {
  openStatementSigner,
  type StatementSigner,
} from '../../../src/sigstore/sign/statement-signer.ts';
import type { SigningServices } from '../../../src/sigstore/sign/signing-config.ts';
import { trustFromFile } from '../../../src/sigstore/trust/trust-file.ts';
import { byCertificates, byKeys } from '../../../src/sigstore/verify/trusted.ts';
import { conclusive, createVerifier } from '../../../src/sigstore/verify/verifier.ts';
import { problemOf, transportWith } from '../../registry/connect.ts';
import { startInstance } from '../../../lab/bundles/instance.ts';
import { rsaPair } from '../../../lab/bundles/rsa.ts';
import { DIGEST, statementAbout } from '../../../lab/bundles/statement.ts';

const instance = await startInstance();
const { sigstore, oidc, trust } = instance;
const store = await trustFromFile(trust.trustedRoot);
const token = await oidc.token('sigstore');
const { sub: subject } = JSON.parse(
  Buffer.from(token.split('.')[1] ?? '', 'base64url').toString(),
) as { sub: string };

beforeEach(() => Promise.all([sigstore.mend(), sigstore.clear()]));
afterAll(() => instance.stop());

const V1 = { url: sigstore.rekorV1, version: 1 } as const;
const V2 = { url: sigstore.rekorV2, version: 2 } as const;
const TSA = [sigstore.tsa];
const PAYLOAD = simpleSigningPayload({ registry: 'registry.example', path: 'acme/app' }, DIGEST);
const STATEMENT = statementAbout() as unknown as Statement;
const OTHER = `sha256:${'cd'.repeat(32)}` as const;
const SIGNATURE = 'dev.cosignproject.cosign/signature';
const BUNDLE = 'dev.sigstore.cosign/bundle';
const CERTIFICATE = 'dev.sigstore.cosign/certificate';
const CHAIN = 'dev.sigstore.cosign/chain';
const TIMESTAMP = 'dev.sigstore.cosign/rfc3161timestamp';

interface Given {
  readonly logs?: SigningServices['logs'];
  readonly timestampAuthorities?: readonly string[];
  readonly key?: KeyPairKeyObjectResult;
}

function open({
  logs = [V1],
  timestampAuthorities = TSA,
  key,
}: Given = {}): Promise<StatementSigner> {
  const services = { fulcio: sigstore.fulcio, logs, timestampAuthorities };
  const means = key ? { key } : { holder: { token, subject } };
  const logIds = (): Promise<readonly Buffer[]> => Promise.resolve([]);
  return openStatementSigner({ ...means, services, logIds, transport: transportWith(10_000) });
}

/** In the form in which a registry returns it. */
function verify(
  { mediaType, blob, annotations }: SignedLayer,
  key?: KeyPairKeyObjectResult,
  digest: Digest = DIGEST,
): Promise<Concluded> {
  const json = bundleOfLayer({ mediaType, blob, annotations: annotationsIn(annotations) });
  const found = { source: 'legacy', place: 'here', json, layer: blob } as const;
  if (!key) return conclusive(createVerifier(byCertificates(store)))(found, digest);
  const spki = key.publicKey.export({ format: 'der', type: 'spki' });
  const trusted = { key: key.publicKey, spki, fingerprint: digestOf(spki), from: 'cosign.pub' };
  return conclusive(createVerifier(byKeys([trusted], store)))(found, digest);
}

const ec = (namedCurve: string): KeyPairKeyObjectResult =>
  generateKeyPairSync('ec', { namedCurve });
const ED25519 = generateKeyPairSync('ed25519');
const KEYS: readonly (readonly [string, KeyPairKeyObjectResult | undefined])[] = [
  ['keyless', undefined],
  ['P-256', ec('P-256')],
  ['P-384', ec('P-384')],
  ['P-521', ec('P-521')],
  ['RSA', rsaPair(3072)],
];
const LOGGED: readonly (readonly [string, Given])[] = [
  ['logged and timestamped', {}],
  ['logged', { timestampAuthorities: [] }],
];
const UNLOGGED = ['timestamped', { logs: [] }] as const;
const BESIDE = ['logged in Rekor v1 beside another', { logs: [V2, V1] }] as const;

interface Ways {
  readonly payload: readonly (readonly [string, Given])[];
  readonly statement: readonly (readonly [string, Given])[];
}

function waysOf(by: string): Ways {
  // A certificate must be logged if the trusted root contains a log.
  const alike = by === 'keyless' ? [...LOGGED, BESIDE] : [...LOGGED, UNLOGGED, BESIDE];
  const isLong = by === 'P-384' || by === 'P-521';
  return isLong
    ? { payload: [UNLOGGED], statement: [...LOGGED, UNLOGGED] }
    : { payload: alike, statement: alike };
}

describe.each(KEYS)('a layer signed by %s', (by, key) => {
  const given = key && { key };
  const ways = waysOf(by);

  test.each(ways.payload)('verifies with a payload, %s', async (_name, witnesses) => {
    const signer = await open({ ...witnesses, ...given });
    const layer = await signer.signPayload(PAYLOAD);
    expect(layer.blob).toBe(PAYLOAD);
    expect(await verify(layer, key)).toHaveProperty('verified');
    expect(await verify(layer, key, OTHER)).toHaveProperty('rejected');
  });

  test.each(ways.statement)('verifies with a statement, %s', async (_name, witnesses) => {
    const signer = await open({ ...witnesses, ...given });
    const layer = await signer.signEnvelope(STATEMENT);
    expect(layer.annotations).toMatchObject({
      [SIGNATURE]: '',
      predicateType: 'https://sigstore.dev/cosign/sign/v1',
    });
    expect(await verify(layer, key)).toHaveProperty('verified');
    expect(await verify(layer, key, OTHER)).toHaveProperty('rejected');
  });
});

describe('the annotations of a layer', () => {
  test('are those of cosign, with one certificate for all signatures of the step', async () => {
    const signer = await open();
    const [first, second] = [
      await signer.signPayload(PAYLOAD),
      await signer.signEnvelope(STATEMENT),
    ];
    expect(Object.keys(first.annotations).sort()).toEqual([
      SIGNATURE,
      BUNDLE,
      CERTIFICATE,
      CHAIN,
      TIMESTAMP,
    ]);
    expect(second.annotations[CERTIFICATE]).toBe(first.annotations[CERTIFICATE]);
    const [leaf, issuer] = [CERTIFICATE, CHAIN].map(
      (name) => new X509Certificate(first.annotations[name] ?? ''),
    );
    expect(issuer && leaf?.verify(issuer.publicKey)).toBe(true);
    const { body } = (
      JSON.parse(first.annotations[BUNDLE] ?? '') as {
        Payload: { body: string };
      }
    ).Payload;
    expect(JSON.parse(Buffer.from(body, 'base64').toString())).toMatchObject({
      apiVersion: '0.0.1',
      kind: 'hashedrekord',
      spec: { data: { hash: { algorithm: 'sha256', value: digestOf(PAYLOAD).slice(7) } } },
    });
    const fulcio = (await sigstore.requests()).filter(({ server }) => server === 'fulcio');
    expect(fulcio).toHaveLength(1);
  });

  test('have no certificate for a key and no empty fields', async () => {
    const key = ec('P-256');
    const signer = await open({ key, timestampAuthorities: [] });
    const { annotations } = await signer.signPayload(PAYLOAD);
    expect(Object.keys(annotations).sort()).toEqual([SIGNATURE, BUNDLE]);
  });
});

test.each(['closed', 'not shown'])(
  'signs again if a response of the log is lost: %s',
  async (what) => {
    const server = 'rekor-v1';
    const lost = { reset: true, processed: true } as const;
    await sigstore.fault({ server, path: '', times: 1, action: lost });
    if (what === 'not shown')
      await sigstore.fault({ server, method: 'GET', path: '', action: { status: 404 } });
    expect(await verify(await (await open()).signPayload(PAYLOAD))).toHaveProperty('verified');
  },
);

describe("signing in cosign v2's format", () => {
  test('fails if only Rekor v2 is in use', async () => {
    const signer = await open({ logs: [V2] });
    const problem = {
      kind: 'input',
      code: 'INPUT_CONFLICT',
      message: "Cannot sign in cosign v2's format: the signing configuration has no Rekor v1 log",
      remedy: expect.stringContaining('signature-format: bundle'),
    };
    expect(await problemOf(signer.signPayload(PAYLOAD))).toMatchObject(problem);
    expect(await problemOf(signer.signEnvelope(STATEMENT))).toMatchObject(problem);
    const services = { fulcio: sigstore.fulcio, logs: [V2], timestampAuthorities: TSA };
    expect(() => legacyLog(services)).toThrow(/no Rekor v1 log/);
    expect(legacyLog({ ...services, rekorV1: V1.url })).toBe(V1.url);
  });

  test.each<[string, KeyPairKeyObjectResult]>([
    ['Ed25519', ED25519],
    ['P-384', ec('P-384')],
    ['P-521', ec('P-521')],
  ])('fails for an %s key, for which the log accepts only envelopes', async (_, key) => {
    const signer = await open({ key });
    expect(await problemOf(signer.signPayload(PAYLOAD))).toMatchObject({
      kind: 'input',
      code: 'INPUT_CONFLICT',
      message:
        "Cannot log what the key signs: in cosign v2's format Rekor v1 takes ECDSA P-256 and RSA alone",
    });
    expect(await sigstore.requests()).toEqual([]);
    const layer = await signer.signEnvelope(STATEMENT);
    expect(await verify(layer, key)).toHaveProperty('verified');
  });

  test('succeeds for an Ed25519 key if the signature is not logged', async () => {
    const layer = await (await open({ key: ED25519, logs: [] })).signPayload(PAYLOAD);
    expect(await verify(layer, ED25519)).toHaveProperty('verified');
  });
});
