// Every check of the verifier, with a bundle that fails only this check, and the code of its rejection.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Digest } from '../../../src/model/digest.ts';
import type { Concluded, RejectionCode } from '../../../src/model/verdict.ts';
import { trustFromFile } from '../../../src/sigstore/trust/trust-file.ts';
import { byCertificates } from '../../../src/sigstore/verify/trusted.ts';
import {
  type Conclude,
  conclusive,
  createVerifier,
} from '../../../src/sigstore/verify/verifier.ts';
import {
  type Algorithm,
  type BundleJson,
  DIGEST,
  type Instance,
  ISSUER,
  type LogEntryJson,
  makeBundle,
  makeBundleWithForeignEntry,
  mixedRoot,
  startInstance,
  statement,
} from '../../../lab/bundles/signing.ts';

let own: Instance;
let other: Instance;
let v1: BundleJson;
let v2: BundleJson;

beforeAll(async () => {
  [own, other] = await Promise.all([startInstance(), startInstance()]);
  [v1, v2] = await Promise.all([makeBundle(own, { log: 'v1' }), makeBundle(own, { log: 'v2' })]);
});
afterAll(async () => {
  await Promise.all([own.stop(), other.stop()]);
});
afterEach(() =>
  own.sigstore.set({
    extendedKeyUsage: '1.3.6.1.5.5.7.3.3',
    sct: 'good',
    omittedExtensions: [],
    subject: '',
    startsIn: 0,
    clockAhead: 0,
  }),
);

function check(
  bundle: unknown,
  verify: Conclude = own.verify,
  digest: Digest = DIGEST,
): Promise<Concluded> {
  const json = Buffer.from(typeof bundle === 'string' ? bundle : JSON.stringify(bundle));
  return verify({ source: 'registry', place: 'here', json }, digest);
}

async function expectRefusal(
  checking: Promise<Concluded>,
  code: RejectionCode,
  found: RegExp,
): Promise<void> {
  const checked = await checking;
  if ('verified' in checked) throw new Error(`accepted, expected ${code}`);
  expect(checked.rejected.code).toBe(code);
  expect(checked.rejected.finding.found).toMatch(found);
}

interface TrustedLog {
  baseUrl: string;
  publicKey: { validFor: { start: string; end?: string } };
}

function changed(bundle: BundleJson, change: (copy: BundleJson) => void): BundleJson {
  const copy = structuredClone(bundle);
  change(copy);
  return copy;
}

function entryOf(bundle: BundleJson): LogEntryJson {
  const [entry] = bundle.verificationMaterial.tlogEntries;
  if (!entry) throw new Error('no log entry');
  return entry;
}

/** The base64 text with one bit of its middle byte flipped. */
function flipped(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  return bytes.toString('base64');
}

async function verifierFor(root: object): Promise<Conclude> {
  const file = join(await mkdtemp(join(tmpdir(), 'root-')), 'trusted_root.json');
  await writeFile(file, JSON.stringify(root));
  return conclusive(createVerifier(byCertificates(await trustFromFile(file))));
}

describe('a good bundle', () => {
  it.each([
    ['Rekor v1', (): BundleJson => v1],
    ['Rekor v2', (): BundleJson => v2],
  ])('logged in %s gives the evidence', async (_, bundle) => {
    const checked = await check(bundle());
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
    const index = entryOf(bundle()).logIndex ?? '0';
    const { rekorV1, rekorV2 } = own.sigstore;
    expect(logEntries).toEqual([
      bundle() === v1
        ? { log: rekorV1, index, link: `${rekorV1}/api/v1/log/entries?logIndex=${index}` }
        : { log: rekorV2, index },
    ]);
  });

  it('counts the time of a Rekor v1 entry beside the timestamp', async () => {
    const checked = await check(v1);
    expect('verified' in checked && checked.verified.times.map(({ source }) => source)).toEqual([
      'timestamp-authority',
      'transparency-log',
    ]);
  });
});

describe('an envelope signed with a longer hash, as by cosign with --signing-algorithm', () => {
  it.each<[Algorithm['curve'], Algorithm['hash'], 'v1' | 'v2']>([
    ['P-384', 'sha384', 'v2'],
    ['P-384', 'sha256', 'v1'],
  ])('%s and %s in Rekor %s', async (curve, hash, log) => {
    const bundle = await makeBundle(own, { log, algorithm: { curve, hash } });
    expect(await check(bundle)).toHaveProperty('verified');
    const another = changed(
      bundle,
      ({ dsseEnvelope }) =>
        dsseEnvelope &&
        (dsseEnvelope.payload = Buffer.from(
          JSON.stringify({ ...statement(), predicate: { more: true } }),
        ).toString('base64')),
    );
    await expectRefusal(check(another), 'TRANSPARENCY_LOG', /digest mismatch|hash/i);
  });
});

describe('what is not a bundle', () => {
  it.each<[string, unknown, RejectionCode, RegExp]>([
    ['no JSON', '{"mediaType":', 'BUNDLE_MALFORMED', /^it is not JSON$/],
    ['a JSON list', [], 'BUNDLE_MALFORMED', /^other JSON$/],
    ['no media type', {}, 'BUNDLE_VERSION', /^no mediaType$/],
    [
      'a version to come',
      { mediaType: 'application/vnd.dev.sigstore.bundle.v0.4+json' },
      'BUNDLE_VERSION',
      /v0\.4/,
    ],
    [
      'a bundle of nothing',
      { mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json' },
      'BUNDLE_MALFORMED',
      /^invalid bundle: content, verificationMaterial$/,
    ],
  ])('%s', (_, bundle, code, found) => expectRefusal(check(bundle), code, found));

  it('a message signature', async () => {
    const bundle = changed(v2, (copy) => {
      delete copy.dsseEnvelope;
      copy.messageSignature = {
        messageDigest: { algorithm: 'SHA2_256', digest: Buffer.alloc(32).toString('base64') },
        signature: 'MEUC',
      };
    });
    await expectRefusal(check(bundle), 'BUNDLE_UNSUPPORTED', /message signature/);
  });

  it('a public key instead of a certificate', async () => {
    const bundle = changed(v2, ({ verificationMaterial }) => {
      delete verificationMaterial.certificate;
      verificationMaterial.publicKey = { hint: 'key' };
    });
    await expectRefusal(check(bundle), 'KEY', /a key; "key" names the keys to trust/);
  });
});

describe('what two readers could read differently', () => {
  const text = (change: (json: string) => string): string => change(JSON.stringify(v2));

  it.each<[string, (json: string) => string, RegExp]>([
    ['a byte order mark', (json) => `\ufeff${json}`, /it is not JSON/],
    [
      'a second envelope',
      (json) => json.replace(/}$/, ',"dsseEnvelope":{}}'),
      /the key "dsseEnvelope" twice/,
    ],
    [
      'a second payload, its key written in escapes',
      (json) => json.replace('"dsseEnvelope":{', '"dsseEnvelope":{"p\\u0061yload":"e30=",'),
      /the key "payload" twice/,
    ],
    [
      'a number that is rounded',
      (json) => json.replace(/}$/, ',"x":12345678901234567890}'),
      /12345678901234567890/,
    ],
    [
      'nesting without end',
      (json) => json.replace(/}$/, `,"x":${'['.repeat(100)}${']'.repeat(100)}}`),
      /64 levels/,
    ],
  ])('%s', async (_, change, found) =>
    expectRefusal(check(text(change)), 'BUNDLE_MALFORMED', found),
  );

  it.each<[string, (bundle: BundleJson) => unknown]>([
    [
      'base64 with other characters in it',
      ({ dsseEnvelope }) =>
        dsseEnvelope &&
        (dsseEnvelope.payload = `${dsseEnvelope.payload.slice(0, 8)}!${dsseEnvelope.payload.slice(8)}`),
    ],
    [
      'base64 with a line end',
      ({ verificationMaterial: { certificate } }) =>
        certificate && (certificate.rawBytes = `${certificate.rawBytes}\n`),
    ],
    [
      'base64 of both alphabets',
      ({ dsseEnvelope }) => dsseEnvelope && (dsseEnvelope.payload = `+_${dsseEnvelope.payload}==`),
    ],
    [
      'base64 with two signs of padding where one belongs',
      (copy) => (entryOf(copy).logId.keyId = entryOf(copy).logId.keyId.replace(/=$/, '==')),
    ],
    [
      'base64 with a character that is no byte',
      (copy) => (entryOf(copy).logId.keyId = entryOf(copy).logId.keyId.slice(0, 41)),
    ],
    [
      'base64 with too much padding',
      ({ dsseEnvelope }) =>
        dsseEnvelope && (dsseEnvelope.payload = `${dsseEnvelope.payload.replace(/=+$/, '')}===`),
    ],
    ['a log index with a space', (bundle) => (entryOf(bundle).logIndex = '1 ')],
    ['a negative log index', (bundle) => (entryOf(bundle).logIndex = '-1')],
    ['a log index with a zero in front', (bundle) => (entryOf(bundle).logIndex = '01')],
    [
      'a log index that a number would round',
      (bundle) => (entryOf(bundle).logIndex = '9007199254740993'),
    ],
  ])('%s', async (_, change) =>
    expectRefusal(
      check(changed(v2, change)),
      'BUNDLE_MALFORMED',
      /base64 does not have|something else/,
    ),
  );

  it('more witnesses than anybody needs', async () => {
    const many = changed(
      v2,
      (copy) =>
        (copy.verificationMaterial.tlogEntries = Array.from({ length: 9 }, () =>
          structuredClone(entryOf(v2)),
        )),
    );
    await expectRefusal(check(many), 'BUNDLE_MALFORMED', /^9$/);
  });

  it('but not the URL alphabet of base64, which ProtoJSON allows', async () => {
    const bundle = changed(v2, ({ dsseEnvelope }) =>
      dsseEnvelope?.signatures.forEach(
        (signature) => (signature.sig = Buffer.from(signature.sig, 'base64').toString('base64url')),
      ),
    );
    expect(await check(bundle)).toHaveProperty('verified');
  });
});

describe('the certificate', () => {
  it('is none', async () => {
    const bundle = changed(
      v2,
      ({ verificationMaterial: { certificate } }) => certificate && (certificate.rawBytes = 'MAA='),
    );
    await expectRefusal(check(bundle), 'BUNDLE_MALFORMED', /^other bytes$/);
  });

  it('of another authority', async () =>
    expectRefusal(
      check(v2, await verifierFor(await mixedRoot(own, other, ['certificateAuthorities']))),
      'CERTIFICATE',
      /certificate/,
    ));
  it('witnessed by another certificate log', async () =>
    expectRefusal(
      check(v2, await verifierFor(await mixedRoot(own, other, ['ctlogs']))),
      'CERTIFICATE',
      /SCT/,
    ));

  it('without a certificate log', async () => {
    await own.sigstore.set({ sct: 'none' });
    await expectRefusal(check(await makeBundle(own)), 'CERTIFICATE', /SCT/);
  });

  it('not yet valid when it signed', async () => {
    await own.sigstore.set({ startsIn: 3600 });
    await expectRefusal(check(await makeBundle(own)), 'CERTIFICATE', /./);
  });

  it.each([
    ['for another use', '1.3.6.1.5.5.7.3.2'],
    ['for no use in particular', ''],
  ])('%s', async (_, extendedKeyUsage) => {
    await own.sigstore.set({ extendedKeyUsage });
    await expectRefusal(check(await makeBundle(own)), 'CERTIFICATE_USAGE', /another use/);
  });

  it('without an issuer', async () => {
    await own.sigstore.set({ omittedExtensions: ['1', '8'] });
    await expectRefusal(check(await makeBundle(own)), 'CERTIFICATE_IDENTITY', /no issuer/);
  });
});

describe('the transparency log', () => {
  it('was not asked', async () =>
    expectRefusal(
      check(await makeBundle(own, { log: 'none' })),
      'TRANSPARENCY_LOG',
      /expected 1 tlog entries, got 0/,
    ));
  it('is another one', async () =>
    expectRefusal(
      check(v2, await verifierFor(await mixedRoot(own, other, ['tlogs']))),
      'TRANSPARENCY_LOG',
      /./,
    ));

  it.each<[string, (entry: LogEntryJson) => unknown]>([
    [
      'has signed another promise',
      ({ inclusionPromise }) =>
        inclusionPromise &&
        Object.assign(inclusionPromise, {
          signedEntryTimestamp: flipped(inclusionPromise.signedEntryTimestamp),
        }),
    ],
    [
      'integrated the entry at another time',
      (entry) => (entry.integratedTime = String(Number(entry.integratedTime) + 1)),
    ],
    [
      'proves another place in the tree',
      ({ inclusionProof }) =>
        inclusionProof &&
        Object.assign(inclusionProof, {
          logIndex: String(Number(inclusionProof.logIndex ?? '0') + 1),
        }),
    ],
    [
      'signed another checkpoint',
      ({ inclusionProof }) =>
        inclusionProof &&
        (inclusionProof.checkpoint.envelope = inclusionProof.checkpoint.envelope.replace(
          /\n\d+\n/,
          '\n999\n',
        )),
    ],
  ])('%s', (_, change) =>
    expectRefusal(check(changed(v1, (copy) => change(entryOf(copy)))), 'TRANSPARENCY_LOG', /./),
  );

  it.each<[string, (log: TrustedLog) => void, RegExp]>([
    [
      'has another name than its checkpoint',
      (log) => (log.baseUrl = `http://other.example/${log.baseUrl.replace('http://', '')}`),
      /^127\.0\.0\.1$/,
    ],
    [
      'was out of use when it signed, for a proof',
      ({ publicKey }) => (publicKey.validFor.end = '2024-06-01T00:00:00Z'),
      /^not in use at 20/,
    ],
  ])('%s', async (_, change, found) => {
    const root = (await mixedRoot(own, own, [])) as { tlogs: TrustedLog[] };
    root.tlogs.forEach(change);
    await expectRefusal(check(v2, await verifierFor(root)), 'TRANSPARENCY_LOG', found);
  });

  it('speaks of another signature', async () => {
    const another = await makeBundle(own);
    await expectRefusal(
      check(
        changed(
          v2,
          (copy) =>
            (copy.verificationMaterial.tlogEntries = another.verificationMaterial.tlogEntries),
        ),
      ),
      'TRANSPARENCY_LOG',
      /mismatch|match/i,
    );
  });

  it('is counted once however often the entry is repeated', async () => {
    const bundle = changed(
      v2,
      ({ verificationMaterial }) =>
        void verificationMaterial.tlogEntries.push(structuredClone(entryOf(v2))),
    );
    await expectRefusal(check(bundle), 'TRANSPARENCY_LOG', /duplicate/);
  });

  it('records the certificate of somebody else', async () =>
    expectRefusal(check(await makeBundleWithForeignEntry(own)), 'LOG_ENTRY_KEY', /^another$/));
});

describe('the time', () => {
  it('is missing', () =>
    expectRefusal(
      check(
        changed(
          v2,
          ({ verificationMaterial }) => delete verificationMaterial.timestampVerificationData,
        ),
      ),
      'TIMESTAMP',
      /expected 1 timestamps, got 0/,
    ));
  it('is from another authority', async () =>
    expectRefusal(
      check(v2, await verifierFor(await mixedRoot(own, other, ['timestampAuthorities']))),
      'TIMESTAMP',
      /./,
    ));

  it('is that of another signature', async () => {
    const {
      verificationMaterial: { timestampVerificationData },
    } = await makeBundle(own);
    const bundle = changed(
      v2,
      (copy) =>
        timestampVerificationData &&
        (copy.verificationMaterial.timestampVerificationData = timestampVerificationData),
    );
    await expectRefusal(check(bundle), 'TIMESTAMP', /./);
  });

  it('lies after the certificate', async () => {
    await own.sigstore.set({ clockAhead: 3600 });
    await expectRefusal(check(await makeBundle(own)), 'CERTIFICATE', /./);
  });
});

describe('the envelope', () => {
  it('has another payload than was signed', async () => {
    const bundle = changed(
      v2,
      ({ dsseEnvelope }) =>
        dsseEnvelope &&
        (dsseEnvelope.payload = Buffer.from(
          JSON.stringify(statement(`sha256:${'cd'.repeat(32)}`)),
        ).toString('base64')),
    );
    await expectRefusal(
      check(bundle, own.verify, `sha256:${'cd'.repeat(32)}`),
      'TRANSPARENCY_LOG',
      /./,
    );
  });

  it('has another type than was signed', async () => {
    const bundle = changed(
      v1,
      ({ dsseEnvelope }) => dsseEnvelope && (dsseEnvelope.payloadType = 'application/json'),
    );
    await expectRefusal(check(bundle), 'SIGNATURE', /./);
  });

  it('carries something else', async () =>
    expectRefusal(
      check(await makeBundle(own, { payloadType: 'application/json' })),
      'PAYLOAD_TYPE',
      /^application\/json$/,
    ));

  it('has two signatures', async () => {
    const bundle = changed(
      v2,
      ({ dsseEnvelope }) =>
        dsseEnvelope && dsseEnvelope.signatures.push(...dsseEnvelope.signatures),
    );
    await expectRefusal(check(bundle), 'BUNDLE_MALFORMED', /./);
  });
});

describe('the statement', () => {
  it.each<[string, object | string, RegExp]>([
    ['is no JSON', 'hello', /it is not JSON/],
    ['is of another type', { ...statement(), _type: 'https://example.com/Statement' }, /_type/],
    ['has no subject', { ...statement(), subject: [] }, /subject/],
    ['has no predicate type', { ...statement(), predicateType: '' }, /predicateType/],
  ])('%s', async (_, payload, found) =>
    expectRefusal(check(await makeBundle(own, { payload })), 'STATEMENT', found),
  );

  it.each<[string, object]>([
    ['is about another digest', statement(`sha256:${'cd'.repeat(32)}`)],
    [
      'names the digest under another algorithm',
      { ...statement(), subject: [{ name: 'app', digest: { sha512: 'ab'.repeat(32) } }] },
    ],
    [
      'names the beginning of the digest',
      { ...statement(), subject: [{ name: 'app', digest: { sha256: 'ab'.repeat(31) } }] },
    ],
  ])('%s', async (_, payload) =>
    expectRefusal(check(await makeBundle(own, { payload })), 'SUBJECT', /sha256:/),
  );
});
