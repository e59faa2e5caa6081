// Bundles that a trusted key did not sign, or without proof of when it signed (docs/verification.md, section 3, by key).
import { holderOf, KINDS, pemOf } from '../../bundles/keys.ts';
import { type BundleJson, changed, entryOf } from '../../bundles/bundle-json.ts';
import { bad, type Draft } from '../draft.ts';
import { statementAbout } from '../../bundles/statement.ts';
import type { Workshop } from '../workshop.ts';

export async function key({
  v2,
  sign,
  issue,
  of,
  trustedRoot,
  otherRoot,
}: Workshop): Promise<readonly Draft[]> {
  const [own, , p384] = KINDS;
  const by = holderOf(own);
  const keys = pemOf(own.pair);
  const [bundle, other, stamped] = [
    await sign({ by, timestamp: 'none' }),
    await sign({ by, timestamp: 'none' }),
    await sign({ by, logs: [] }),
  ];
  const unseen = await sign({ by, logs: [], timestamp: 'none' });
  const certified = await issue({ key: own.pair.privateKey });
  const recordedWithCertificate = await sign({ by, recorded: certified, timestamp: 'none' });
  const withEntryOf = (from: BundleJson): BundleJson =>
    changed(
      bundle,
      ({ verificationMaterial }) => (verificationMaterial.tlogEntries = [entryOf(from)]),
    );
  const withStampOf = (from: BundleJson): BundleJson =>
    changed(stamped, ({ verificationMaterial }) =>
      Object.assign(verificationMaterial, {
        timestampVerificationData: from.verificationMaterial.timestampVerificationData,
      }),
    );
  const anotherKey = /^made with another key, or over another payload$/;
  const rawBytes = own.pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const inPlaceOfCertificate = changed(bundle, ({ verificationMaterial }) => {
    delete verificationMaterial.publicKey;
    verificationMaterial.certificate = { rawBytes };
  });
  const inPlaceOfChain = changed(
    await sign({ by, logs: ['Rekor v1 dsse 0.0.1'], timestamp: 'none', version: '0.1' }),
    ({ verificationMaterial }) => {
      delete verificationMaterial.publicKey;
      verificationMaterial.x509CertificateChain = { certificates: [{ rawBytes }] };
    },
  );
  const bare = (name: string, about: string, from: BundleJson): readonly Draft[] => [
    bad(name, `${about}, and the policy has no key`, of(from), 'BUNDLE_MALFORMED', /^other bytes$/),
    bad(
      `${name}-named`,
      `${about}, and the policy requires that key`,
      of(from, { keys }),
      'KEY',
      /^a certificate$/,
    ),
  ];
  return [
    ...bare(
      'key-where-a-certificate-belongs',
      'A public key is in place of the certificate',
      inPlaceOfCertificate,
    ),
    ...bare(
      'key-in-a-certificate-chain',
      'A public key is in place of the certificate chain',
      inPlaceOfChain,
    ),
    bad(
      'key-nobody-named',
      'The bundle is signed with a key, and the policy has no key',
      of(bundle),
      'KEY',
      /^a key; "key" names the keys to trust$/,
    ),
    bad(
      'key-and-a-certificate',
      'The bundle is signed with a certificate, and the policy requires a key',
      of(v2, { keys }),
      'KEY',
      /^a certificate$/,
    ),
    bad(
      'key-another',
      'The bundle is signed with another key',
      of(bundle, { keys: pemOf(p384.pair) }),
      'SIGNATURE',
      anotherKey,
    ),
    bad(
      'key-another-unseen',
      'The bundle is signed with another key, and the policy ignores log entries and timestamps',
      of(unseen, { keys: pemOf(p384.pair), witness: 'insecure-ignored' }),
      'SIGNATURE',
      anotherKey,
    ),
    bad(
      'key-seen-by-nobody',
      'There is neither a log entry nor a timestamp',
      of(unseen, { keys }),
      'TRANSPARENCY_LOG',
      /^neither$/,
    ),
    bad(
      'key-logged-with-a-certificate',
      'The log entry records a certificate of the key',
      of(recordedWithCertificate, { keys }),
      'LOG_ENTRY_KEY',
      /^another$/,
    ),
    bad(
      'key-with-the-entry-of-another',
      'The log entry is that of another signature by the key',
      of(withEntryOf(other), { keys }),
      'TRANSPARENCY_LOG',
      /^signature mismatch$/,
    ),
    bad(
      'key-with-the-timestamp-of-another',
      'The timestamp is that of another signature',
      of(withStampOf(v2), { keys }),
      'TIMESTAMP',
      /^timestamp could not be verified$/,
    ),
    bad(
      'key-in-an-unknown-log',
      'The trusted root has another log with this name',
      of(bundle, { keys, trustedRoot: { ...trustedRoot, tlogs: otherRoot.tlogs } }),
      'TRANSPARENCY_LOG',
      /^invalid checkpoint signature$/,
    ),
    bad(
      'key-about-another-image',
      'The statement is about another image',
      of(await sign({ by, payload: statementAbout(`sha256:${'ab'.repeat(32)}`) }), {
        keys,
      }),
      'SUBJECT',
      /^sha256:(?:ab){32}$/,
    ),
    bad(
      'key-another-unseen-subject',
      'The statement is about another image, and the policy ignores log entries and timestamps',
      of(
        await sign({
          by,
          logs: [],
          timestamp: 'none',
          payload: statementAbout(`sha256:${'ab'.repeat(32)}`),
        }),
        { keys, witness: 'insecure-ignored' },
      ),
      'SUBJECT',
      /^sha256:(?:ab){32}$/,
    ),
  ];
}
