// Bundles created with the embedded Sigstore instance, verified by Sigstore's own client libraries.
import { X509Certificate } from 'node:crypto';

import { afterAll, beforeEach, expect, test } from '@jest/globals';
import {
  type Bundle,
  bundleFromJSON,
  bundleToJSON,
  type TransparencyLogEntry as LogEntry,
} from '@sigstore/bundle';
import { TransparencyLogEntry, TrustedRoot } from '@sigstore/protobuf-specs';
import {
  DSSEBundleBuilder,
  FulcioSigner,
  RekorWitness,
  TSAWitness,
  type Witness,
} from '@sigstore/sign';
import { type Signer, toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';

import { CODE_SIGNING } from './sigstore/fulcio.ts';
import { sha256 } from './sigstore/signed-digest.ts';
import { type SigstoreHandle, startOidc, startSigstore } from './start.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';
const oidc = await startOidc({ issuer: ISSUER });
const issuers = [{ issuer: ISSUER, jwks: oidc.jwks }];
const [sigstore, other] = await Promise.all([
  startSigstore({ issuers, checkpointDelay: 20 }),
  startSigstore({ issuers }),
]);
const good = {
  sct: 'good',
  omittedExtensions: [],
  extendedKeyUsage: CODE_SIGNING,
  startsIn: 0,
  clockAhead: 0,
} as const;
const statement = {
  data: Buffer.from('{"_type":"https://in-toto.io/Statement/v1"}'),
  type: 'application/vnd.in-toto+json',
};

beforeEach(() => Promise.all([oidc.set({ claims: {} }), sigstore.set(good)]));
afterAll(() => Promise.all([oidc.stop(), sigstore.stop(), other.stop()]));

function createBundle(...witnesses: Witness[]): Promise<Bundle> {
  const identityProvider = { getToken: () => oidc.token('sigstore') };
  const signer = new FulcioSigner({ fulcioBaseURL: sigstore.fulcio, identityProvider });
  return new DSSEBundleBuilder({ signer, witnesses }).create(statement);
}

const rekorV1 = (): Witness =>
  new RekorWitness({ rekorBaseURL: sigstore.rekorV1, entryType: 'dsse' });
const timestamp = (): Witness => new TSAWitness({ tsaBaseURL: sigstore.tsa });

function verify(
  bundle: Bundle,
  options: object = { timestampThreshold: 2 },
  instance: SigstoreHandle = sigstore,
): Signer {
  const trust = toTrustMaterial(TrustedRoot.fromJSON(instance.trustedRoot));
  const parsed = bundleFromJSON(JSON.parse(JSON.stringify(bundleToJSON(bundle))));
  return new Verifier(trust, options).verify(toSignedEntity(parsed), {
    subjectAlternativeName: '^https:',
  });
}

function leafOf({ verificationMaterial: { content } }: Bundle): X509Certificate {
  if (content.$case !== 'certificate') throw new Error('bundle without a certificate');
  return new X509Certificate(content.certificate.rawBytes);
}

test('verifies with an entry of Rekor v1 and a timestamp, for consecutive entries', async () => {
  for (let entry = 0; entry < 6; entry += 1) {
    const signer = verify(await createBundle(rekorV1(), timestamp()));
    expect(signer.identity).toMatchObject({
      subjectAlternativeName:
        'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main',
      extensions: { issuer: ISSUER },
    });
  }
});

test('verifies with a hashedrekord entry of Rekor v2', async () => {
  for (let entry = 0; entry < 3; entry += 1) {
    const bundle = await createBundle(timestamp());
    const body = JSON.stringify({ hashedRekordRequestV002: recordOf(bundle) });
    const response = await fetch(`${sigstore.rekorV2}/api/v2/log/entries`, {
      method: 'POST',
      body,
    });
    const logged = await response.json();
    expect(logged).toMatchObject({
      kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
      integratedTime: '0',
    });
    bundle.verificationMaterial.tlogEntries = [TransparencyLogEntry.fromJSON(logged) as LogEntry];
    expect(verify(bundle, {}).identity?.extensions?.issuer).toBe(ISSUER);
  }
});

function recordOf(bundle: Bundle): object {
  if (bundle.content.$case !== 'dsseEnvelope') throw new Error('not a DSSE bundle');
  const { payload, payloadType, signatures } = bundle.content.dsseEnvelope;
  const head = Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `);
  const x509Certificate = { rawBytes: leafOf(bundle).raw.toString('base64') };
  return {
    digest: sha256(Buffer.concat([head, payload])).toString('base64'),
    signature: {
      content: signatures[0]?.sig.toString('base64'),
      verifier: { x509Certificate, keyDetails: 'PKIX_ECDSA_P256_SHA_256' },
    },
  };
}

test('does not verify against another instance', async () => {
  const bundle = await createBundle(rekorV1(), timestamp());
  expect(() => verify(bundle, undefined, other)).toThrow('timestamp could not be verified');
});

test('has the claims of the token in its certificate', async () => {
  const called = 'org/ci/.github/workflows/build.yml@refs/tags/v1';
  const claims = {
    repository: 'other/tool',
    ref: 'refs/tags/v2',
    environment: 'production',
    job_workflow_ref: called,
  };
  await oidc.set({ claims });
  const { identity } = verify(await createBundle(rekorV1(), timestamp()));
  expect(identity?.subjectAlternativeName).toBe(`https://github.com/${called}`);
  const extensions = (identity?.oids ?? []).map(({ oid, value }) => {
    const number = oid?.id.at(-1) ?? 0;
    // Two bytes of DER precede the text of the extensions from 8 on.
    return [number, number < 8 ? value.toString() : value.subarray(2).toString()] as const;
  });
  expect(Object.fromEntries(extensions)).toMatchObject({
    1: ISSUER,
    5: 'other/tool',
    8: ISSUER,
    12: 'https://github.com/other/tool',
    16: 'https://github.com/other',
    18: 'https://github.com/other/tool/.github/workflows/release.yml@refs/tags/v2',
    23: 'production',
    24: 'repo:other/tool:environment:production',
  });
});

test.each([
  [{ sct: 'none' }, 'expected 1 SCTs, got 0'],
  [{ sct: 'foreign' }, 'SCT verification failed'],
  [{ clockAhead: 3600 }, 'Failed to verify certificate chain'],
  [{ startsIn: -3600 }, 'Failed to verify certificate chain'],
] as const)('does not verify with %j', async (setting, reason) => {
  await sigstore.set(setting);
  const bundle = await createBundle(rekorV1(), timestamp());
  expect(() => verify(bundle)).toThrow(reason);
});

test('can omit extensions and the code-signing usage', async () => {
  expect(leafOf(await createBundle(timestamp())).keyUsage).toEqual([CODE_SIGNING]);
  await sigstore.set({ omittedExtensions: ['8', '1'], extendedKeyUsage: '' });
  const bundle = await createBundle(rekorV1(), timestamp());
  expect(leafOf(bundle).keyUsage).toBeUndefined();
  expect(verify(bundle).identity?.extensions?.issuer).toBeUndefined();
});
