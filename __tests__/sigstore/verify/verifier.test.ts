// The result for a valid bundle, and the checks of certificates and times, each with a bundle that fails only this check.
import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type BundleJson,
  changed,
  entryOf,
  withPayload,
} from '../../../lab/bundles/bundle-json.ts';
import type { LogKind } from '../../../lab/bundles/clients/propose.ts';
import type { Hash } from '../../../lab/bundles/algorithm.ts';
import { type Instance, ISSUER, startInstance } from '../../../lab/bundles/instance.ts';
import { certifyJob, makeBundle } from '../../../lab/bundles/signing.ts';
import { DIGEST, statementAbout } from '../../../lab/bundles/statement.ts';
import { check, expectRefusal, verifierOfMixed } from './checking.ts';

let own: Instance;
let other: Instance;
let v1: BundleJson;
let v2: BundleJson;

beforeAll(async () => {
  [own, other] = await Promise.all([startInstance(), startInstance()]);
  [v1, v2] = await Promise.all([
    makeBundle(own, { logs: ['Rekor v1 dsse 0.0.1'] }),
    makeBundle(own),
  ]);
});
afterAll(() => Promise.all([own.stop(), other.stop()]));
afterEach(() =>
  own.sigstore.set({
    extendedKeyUsage: '1.3.6.1.5.5.7.3.3',
    sct: 'good',
    omittedExtensions: [],
    startsIn: 0,
    clockAhead: 0,
  }),
);

describe('a valid bundle', () => {
  it.each([
    ['Rekor v1', (): BundleJson => v1],
    ['Rekor v2', (): BundleJson => v2],
  ])('is accepted with evidence from %s', async (_, bundle) => {
    const checked = await check(bundle(), own.verify);
    if ('rejected' in checked) throw new Error(JSON.stringify(checked.rejected.finding));
    const { statement: about, signer, times, logEntries } = checked.verified;
    expect(about.predicateType).toBe('https://sigstore.dev/cosign/sign/v1');
    expect(signer).toMatchObject({
      san: 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main',
      issuer: ISSUER,
    });
    expect(signer).toMatchObject({
      workflow: {
        server: 'https://github.com',
        repository: 'acme/app',
        path: '.github/workflows/release.yml',
        ref: 'refs/heads/main',
      },
    });
    expect(signer).toMatchObject({
      claims: {
        sourceRepositoryUri: 'https://github.com/acme/app',
        runnerEnvironment: 'github-hosted',
        sourceRepositoryIdentifier: '1000001',
      },
    });
    expect(times.map(({ source }) => source)).toContain('timestamp-authority');
    expect(Math.abs((times[0]?.time.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
    const index = entryOf(bundle()).logIndex;
    const { rekorV1, rekorV2 } = own.sigstore;
    expect(logEntries).toEqual([
      bundle() === v1
        ? { log: rekorV1, index, link: `${rekorV1}/api/v1/log/entries?logIndex=${index}` }
        : { log: rekorV2, index },
    ]);
  });

  it('has the time of its Rekor v1 entry next to its timestamp', async () => {
    const checked = await check(v1, own.verify);
    expect('verified' in checked && checked.verified.times.map(({ source }) => source)).toEqual([
      'timestamp-authority',
      'transparency-log',
    ]);
  });
});

describe('an envelope signed with a longer hash, as by cosign with --signing-algorithm', () => {
  it.each<[Hash, LogKind]>([
    ['sha384', 'Rekor v2 hashedrekord 0.0.2'],
    ['sha256', 'Rekor v1 dsse 0.0.1'],
  ])('is accepted: P-384 and %s in %s', async (hash, log) => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const holder = await certifyJob(own, { key: privateKey });
    const by = { ...holder, hash, sign: (data: Buffer) => sign(hash, data, privateKey) };
    const bundle = await makeBundle(own, { by, logs: [log] });
    expect(await check(bundle, own.verify)).toHaveProperty('verified');
    const another = withPayload(bundle, statementAbout(DIGEST, { predicate: { more: true } }));
    await expectRefusal(check(another, own.verify), 'TRANSPARENCY_LOG', /digest mismatch|hash/i);
  });
});

describe('a certificate', () => {
  it('is rejected if it is missing', async () => {
    const bundle = changed(
      v2,
      ({ verificationMaterial: { certificate } }) => certificate && (certificate.rawBytes = 'MAA='),
    );
    await expectRefusal(check(bundle, own.verify), 'BUNDLE_MALFORMED', /^other bytes$/);
  });

  it('is rejected if another authority issued it', async () =>
    expectRefusal(
      check(v2, await verifierOfMixed(own, other, 'certificateAuthorities')),
      'CERTIFICATE',
      /certificate/,
    ));
  it('is rejected with an SCT of another certificate log', async () =>
    expectRefusal(check(v2, await verifierOfMixed(own, other, 'ctlogs')), 'CERTIFICATE', /SCT/));

  it('is rejected without an SCT', async () => {
    await own.sigstore.set({ sct: 'none' });
    await expectRefusal(check(await makeBundle(own), own.verify), 'CERTIFICATE', /SCT/);
  });

  it('is rejected if it was not valid yet at signing', async () => {
    await own.sigstore.set({ startsIn: 3600 });
    await expectRefusal(check(await makeBundle(own), own.verify), 'CERTIFICATE', /./);
  });

  it.each([
    ['for another use', '1.3.6.1.5.5.7.3.2'],
    ['without a key usage', ''],
  ])('is rejected %s', async (_, extendedKeyUsage) => {
    await own.sigstore.set({ extendedKeyUsage });
    await expectRefusal(
      check(await makeBundle(own), own.verify),
      'CERTIFICATE_USAGE',
      /another use/,
    );
  });

  it('is rejected without an issuer', async () => {
    await own.sigstore.set({ omittedExtensions: ['1', '8'] });
    await expectRefusal(
      check(await makeBundle(own), own.verify),
      'CERTIFICATE_IDENTITY',
      /no issuer/,
    );
  });
});

describe('a trusted time', () => {
  it('is required', () =>
    expectRefusal(
      check(
        changed(
          v2,
          ({ verificationMaterial }) => delete verificationMaterial.timestampVerificationData,
        ),
        own.verify,
      ),
      'TIMESTAMP',
      /expected 1 timestamps, got 0/,
    ));
  it('is rejected if it is from another authority', async () =>
    expectRefusal(
      check(v2, await verifierOfMixed(own, other, 'timestampAuthorities')),
      'TIMESTAMP',
      /./,
    ));

  it('is rejected if it is for another signature', async () => {
    const {
      verificationMaterial: { timestampVerificationData },
    } = await makeBundle(own);
    const bundle = changed(
      v2,
      (copy) =>
        timestampVerificationData &&
        (copy.verificationMaterial.timestampVerificationData = timestampVerificationData),
    );
    await expectRefusal(check(bundle, own.verify), 'TIMESTAMP', /./);
  });

  it('is rejected if it is later than the certificate', async () => {
    await own.sigstore.set({ clockAhead: 3600 });
    await expectRefusal(check(await makeBundle(own), own.verify), 'CERTIFICATE', /./);
  });
});
