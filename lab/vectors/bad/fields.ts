// Bundles whose fields do not match their version (docs/verification.md, section 3, rows 2 to 4).
import {
  type BundleJson,
  changed,
  type EntryJson,
  entryOf,
  envelopeOf,
} from '../../bundles/bundle-json.ts';
import { replaced } from '../../bundles/damage.ts';
import { bad, type Draft } from '../draft.ts';
import type { Workshop } from '../workshop.ts';

const BASE64 = /^characters or a length that base64 does not have$/;
const NOT_A_NUMBER = /^something else$/;

export async function fields({ v2, sign, of }: Workshop): Promise<readonly Draft[]> {
  const malformed = (name: string, about: string, bundle: BundleJson, found: RegExp): Draft =>
    bad(name, about, of(bundle), 'BUNDLE_MALFORMED', found);
  const withEntry = (change: (entry: EntryJson) => unknown): BundleJson =>
    changed(v2, (bundle) => change(entryOf(bundle)));
  const withStamp = (change: (base64: string) => string): BundleJson =>
    changed(v2, ({ verificationMaterial }) =>
      verificationMaterial.timestampVerificationData?.rfc3161Timestamps.forEach(
        (stamp) => (stamp.signedTimestamp = change(stamp.signedTimestamp)),
      ),
    );
  const [v01, v02] = [
    await sign({ logs: ['Rekor v1 dsse 0.0.1'], version: '0.1' }),
    await sign({ logs: ['Rekor v1 dsse 0.0.1'], version: '0.2' }),
  ];
  return [
    bad(
      'version-to-come',
      'The media type is that of version 0.4',
      of(changed(v2, (bundle) => (bundle.mediaType = replaced(bundle.mediaType, '0.3', '0.4')))),
      'BUNDLE_VERSION',
      /v0\.4/,
    ),
    bad(
      'no-version',
      'There is no media type',
      of(changed(v2, (bundle) => Reflect.deleteProperty(bundle, 'mediaType'))),
      'BUNDLE_VERSION',
      /^no mediaType$/,
    ),
    malformed(
      'too-many-entries',
      'There are 33 log entries',
      changed(
        v2,
        ({ verificationMaterial }) =>
          (verificationMaterial.tlogEntries = Array.from({ length: 33 }, () => ({}) as EntryJson)),
      ),
      /^33$/,
    ),
    malformed(
      'too-many-timestamps',
      'There are 33 timestamps',
      changed(
        v2,
        ({ verificationMaterial }) =>
          (verificationMaterial.timestampVerificationData = {
            rfc3161Timestamps: Array.from({ length: 33 }, () => ({ signedTimestamp: '' })),
          }),
      ),
      /^33$/,
    ),
    malformed(
      'base64-of-both-alphabets',
      'A timestamp mixes both alphabets of base64',
      withStamp((base64) => replaced(base64, /\+(?=.*[+/])/, '-')),
      BASE64,
    ),
    malformed(
      'base64-padding',
      'A signature has three padding characters',
      changed(v2, (bundle) =>
        envelopeOf(bundle).signatures.forEach(
          (signature) => (signature.sig = `${signature.sig.replace(/=+$/, '')}===`),
        ),
      ),
      BASE64,
    ),
    malformed(
      'base64-line-end',
      'The base64 of the certificate contains a line break',
      changed(
        v2,
        ({ verificationMaterial: { certificate } }) =>
          certificate &&
          (certificate.rawBytes = `${certificate.rawBytes.slice(0, 64)}\n${certificate.rawBytes.slice(64)}`),
      ),
      BASE64,
    ),
    malformed(
      'base64-other-character',
      'The base64 of the payload contains an exclamation mark',
      changed(
        v2,
        (bundle) =>
          (envelopeOf(bundle).payload =
            `${envelopeOf(bundle).payload.slice(0, 8)}!${envelopeOf(bundle).payload.slice(8)}`),
      ),
      BASE64,
    ),
    malformed(
      'negative-index',
      'The index of the log entry is negative',
      withEntry((entry) => (entry.logIndex = '-1')),
      NOT_A_NUMBER,
    ),
    malformed(
      'index-with-a-space',
      'A space follows the index of the log entry',
      withEntry((entry) => (entry.logIndex += ' ')),
      NOT_A_NUMBER,
    ),
    malformed(
      'two-signatures',
      'The envelope contains its signature twice',
      changed(v2, (bundle) => envelopeOf(bundle).signatures.push(...envelopeOf(bundle).signatures)),
      /dsseEnvelope\.signatures$/,
    ),
    malformed(
      'no-signature',
      'The envelope has no signature',
      changed(v2, (bundle) => (envelopeOf(bundle).signatures = [])),
      /dsseEnvelope\.signatures$/,
    ),
    malformed(
      'no-payload',
      'The envelope has no payload',
      changed(v2, (bundle) => (envelopeOf(bundle).payload = '')),
      /dsseEnvelope\.payload$/,
    ),
    malformed(
      'no-content',
      'There is no envelope',
      changed(v2, (bundle) => Reflect.deleteProperty(bundle, 'dsseEnvelope')),
      /: content$/,
    ),
    malformed(
      'no-key-material',
      'There is no certificate',
      changed(v2, ({ verificationMaterial }) => delete verificationMaterial.certificate),
      /verificationMaterial\.content$/,
    ),
    malformed(
      'no-log-id',
      'The log entry has no log ID',
      withEntry((entry) => Reflect.deleteProperty(entry, 'logId')),
      /tlogEntries\[0\]\.logId$/,
    ),
    malformed(
      '0.1-without-promise',
      'The log entry of a bundle of version 0.1 has no promise',
      changed(v01, (bundle) => delete entryOf(bundle).inclusionPromise),
      /inclusionPromise$/,
    ),
    malformed(
      '0.2-without-proof',
      'The log entry of a bundle of version 0.2 has no proof',
      changed(v02, (bundle) => delete entryOf(bundle).inclusionProof),
      /inclusionProof$/,
    ),
    malformed(
      '0.3-without-checkpoint',
      'The proof of the log entry has no checkpoint',
      withEntry(({ inclusionProof }) => delete inclusionProof?.checkpoint),
      /inclusionProof\.checkpoint$/,
    ),
    malformed(
      '0.3-with-chain',
      'A bundle of version 0.3 has a certificate chain',
      changed(v2, ({ verificationMaterial: material }) => {
        material.x509CertificateChain = {
          certificates: [material.certificate ?? { rawBytes: '' }],
        };
        delete material.certificate;
      }),
      /verificationMaterial\.content\.\$case$/,
    ),
    bad(
      'message-signature',
      'The content is a message signature, not an envelope',
      of(
        changed(v2, (bundle) => {
          bundle.messageSignature = {
            messageDigest: { algorithm: 'SHA2_256', digest: Buffer.alloc(32).toString('base64') },
            signature: envelopeOf(bundle).signatures[0]?.sig ?? '',
          };
          delete bundle.dsseEnvelope;
        }),
      ),
      'BUNDLE_UNSUPPORTED',
      /^a message signature$/,
    ),
  ];
}
