// Rejects bundles that would keep a verifier busy for years, before doing that work.
import { expect, it } from '@jest/globals';
import { byCertificates } from '../../../src/sigstore/verify/trusted.ts';
import { conclusive, createVerifier } from '../../../src/sigstore/verify/verifier.ts';

const verify = conclusive(
  createVerifier(
    byCertificates({
      issuersOf: () => Promise.resolve({ known: [] }),
      all: () => Promise.resolve([]),
    }),
  ),
);

/** The rule that a bundle with these parts breaks. */
async function brokenBy({
  certificate = 'MAA=',
  timestamp = 'MAA=',
  payload = 'e30=',
  extra = '1',
}: {
  certificate?: string;
  timestamp?: string;
  payload?: string;
  extra?: string;
}): Promise<string> {
  const json = `{
    "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
    "verificationMaterial": { "certificate": { "rawBytes": "${certificate}" }, "timestampVerificationData": { "rfc3161Timestamps": [{ "signedTimestamp": "${timestamp}" }] } },
    "dsseEnvelope": { "payload": "${payload}", "payloadType": "application/vnd.in-toto+json", "signatures": [{ "sig": "e30=" }] },
    "extra": ${extra}
  }`;
  const checked = await verify(
    { source: 'registry', place: 'here', json: Buffer.from(json) },
    `sha256:${'ab'.repeat(32)}`,
  );
  if ('verified' in checked) throw new Error('accepted');
  return `${checked.rejected.code} ${checked.rejected.finding.rule}: ${checked.rejected.finding.found}`;
}

/** A sequence of octet strings, each of which seems to contain another one that reaches into the next: 2^count ways to read it. */
function entangled(count: number): string {
  return Buffer.concat([
    Buffer.from([0x30, count * 4]),
    ...Array.from({ length: count }, () => Buffer.from([4, 2, 4, 5])),
  ]).toString('base64');
}

it('accepts the unchanged bundle', async () =>
  expect(await brokenBy({})).toBe('BUNDLE_MALFORMED certificate: other bytes'));

it('rejects a certificate with deeply nested octet strings', async () =>
  expect(await brokenBy({ certificate: entangled(20) })).toMatch(
    /certificates and timestamps: more/,
  ));
it('rejects a timestamp with deeply nested octet strings', async () =>
  expect(await brokenBy({ timestamp: entangled(20) })).toMatch(
    /certificates and timestamps: more/,
  ));
it('accepts a few nested octet strings, which random bytes can contain', async () =>
  expect(await brokenBy({ certificate: entangled(8) })).toMatch(/certificate: other bytes/));

it('rejects base64 with much padding in linear time', async () => {
  const started = performance.now();
  expect(await brokenBy({ payload: `${'='.repeat(200_000)}A` })).toMatch(/payload: characters/);
  expect(performance.now() - started).toBeLessThan(5000);
});
it('rejects a long text in place of a word', async () =>
  expect(await brokenBy({ extra: `"${'x'.repeat(20_000)}"` })).toMatch(/extra: 20000/));
it('rejects a long list', async () =>
  expect(await brokenBy({ extra: `[${'1,'.repeat(10_000)}1]` })).toMatch(/10000 values/));
