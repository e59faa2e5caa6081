// Files that are not bundles, and bundles that two parsers could read differently.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RejectionCode } from '../../../src/model/rejection.ts';
import { type BundleJson, changed, entryOf } from '../../../lab/bundles/bundle-json.ts';
import { type Instance, startInstance } from '../../../lab/bundles/instance.ts';
import { makeBundle } from '../../../lab/bundles/signing.ts';
import { check, expectRefusal } from './checking.ts';

let own: Instance;
let v2: BundleJson;

beforeAll(async () => {
  own = await startInstance();
  v2 = await makeBundle(own);
});
afterAll(() => own.stop());

describe('a file that is not a bundle', () => {
  it.each<[string, unknown, RejectionCode, RegExp]>([
    ['text that is not JSON', '{"mediaType":', 'BUNDLE_MALFORMED', /^it is not JSON$/],
    ['a JSON list', [], 'BUNDLE_MALFORMED', /^other JSON$/],
    ['no media type', {}, 'BUNDLE_VERSION', /^no mediaType$/],
    [
      'a future version',
      { mediaType: 'application/vnd.dev.sigstore.bundle.v0.4+json' },
      'BUNDLE_VERSION',
      /v0\.4/,
    ],
    [
      'an empty bundle',
      { mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json' },
      'BUNDLE_MALFORMED',
      /^invalid bundle: content, verificationMaterial$/,
    ],
  ])('is rejected: %s', (_, bundle, code, found) =>
    expectRefusal(check(bundle, own.verify), code, found),
  );

  it('is rejected: a message signature', async () => {
    const bundle = changed(v2, (copy) => {
      delete copy.dsseEnvelope;
      copy.messageSignature = {
        messageDigest: { algorithm: 'SHA2_256', digest: Buffer.alloc(32).toString('base64') },
        signature: 'MEUC',
      };
    });
    await expectRefusal(check(bundle, own.verify), 'BUNDLE_UNSUPPORTED', /message signature/);
  });

  it('is rejected: a public key instead of a certificate', async () => {
    const bundle = changed(v2, ({ verificationMaterial }) => {
      delete verificationMaterial.certificate;
      verificationMaterial.publicKey = { hint: 'key' };
    });
    await expectRefusal(check(bundle, own.verify), 'KEY', /a key; "key" names the keys to trust/);
  });
});

describe('a bundle that two parsers could read differently', () => {
  const text = (change: (json: string) => string): string => change(JSON.stringify(v2));

  it.each<[string, (json: string) => string, RegExp]>([
    ['a byte order mark', (json) => `\ufeff${json}`, /it is not JSON/],
    [
      'a second envelope',
      (json) => json.replace(/}$/, ',"dsseEnvelope":{}}'),
      /the key "dsseEnvelope" twice/,
    ],
    [
      'a second payload, its key written with escapes',
      (json) => json.replace('"dsseEnvelope":{', '"dsseEnvelope":{"p\\u0061yload":"e30=",'),
      /the key "payload" twice/,
    ],
    [
      'a number that would be rounded',
      (json) => json.replace(/}$/, ',"x":12345678901234567890}'),
      /12345678901234567890/,
    ],
    [
      'endless nesting',
      (json) => json.replace(/}$/, `,"x":${'['.repeat(100)}${']'.repeat(100)}}`),
      /64 levels/,
    ],
  ])('is rejected: %s', async (_, change, found) =>
    expectRefusal(check(text(change), own.verify), 'BUNDLE_MALFORMED', found),
  );

  it.each<[string, (bundle: BundleJson) => unknown]>([
    [
      'base64 with other characters',
      ({ dsseEnvelope }) =>
        dsseEnvelope &&
        (dsseEnvelope.payload = `${dsseEnvelope.payload.slice(0, 8)}!${dsseEnvelope.payload.slice(8)}`),
    ],
    [
      'base64 with a line break',
      ({ verificationMaterial: { certificate } }) =>
        certificate && (certificate.rawBytes = `${certificate.rawBytes}\n`),
    ],
    [
      'base64 in both alphabets',
      ({ dsseEnvelope }) => dsseEnvelope && (dsseEnvelope.payload = `+_${dsseEnvelope.payload}==`),
    ],
    [
      'base64 with two padding characters instead of one',
      (copy) => (entryOf(copy).logId.keyId = entryOf(copy).logId.keyId.replace(/=$/, '==')),
    ],
    [
      'base64 with a character that is not a byte',
      (copy) => (entryOf(copy).logId.keyId = entryOf(copy).logId.keyId.slice(0, 41)),
    ],
    [
      'base64 with too much padding',
      ({ dsseEnvelope }) =>
        dsseEnvelope && (dsseEnvelope.payload = `${dsseEnvelope.payload.replace(/=+$/, '')}===`),
    ],
    ['a log index with a space', (bundle) => (entryOf(bundle).logIndex = '1 ')],
    ['a negative log index', (bundle) => (entryOf(bundle).logIndex = '-1')],
    ['a log index with a leading zero', (bundle) => (entryOf(bundle).logIndex = '01')],
    [
      'a log index that would be rounded',
      (bundle) => (entryOf(bundle).logIndex = '9007199254740993'),
    ],
  ])('is rejected: %s', async (_, change) =>
    expectRefusal(
      check(changed(v2, change), own.verify),
      'BUNDLE_MALFORMED',
      /base64 does not have|something else/,
    ),
  );

  it('is rejected: too many log entries or timestamps', async () => {
    const many = changed(
      v2,
      (copy) =>
        (copy.verificationMaterial.tlogEntries = Array.from({ length: 9 }, () =>
          structuredClone(entryOf(v2)),
        )),
    );
    await expectRefusal(check(many, own.verify), 'BUNDLE_MALFORMED', /^9$/);
  });

  it('is accepted with the URL alphabet of base64, which ProtoJSON allows', async () => {
    const bundle = changed(v2, ({ dsseEnvelope }) =>
      dsseEnvelope?.signatures.forEach(
        (signature) => (signature.sig = Buffer.from(signature.sig, 'base64').toString('base64url')),
      ),
    );
    expect(await check(bundle, own.verify)).toHaveProperty('verified');
  });
});
