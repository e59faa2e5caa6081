// Entries of a trusted log that are not about this bundle (docs/verification.md, section 3, rows 11 and 15).
import {
  type BundleJson,
  changed,
  entryOf,
  envelopeOf,
  withEntry,
} from '../../bundles/bundle-json.ts';
import { flipped, replaced } from '../../bundles/damage.ts';
import { bad, type Draft } from '../draft.ts';
import { dsseBody } from '../good/spellings.ts';
import { promised, secondEntry } from '../services/log-key.ts';
import type { LogKind } from '../../bundles/clients/propose.ts';
import type { Workshop } from '../workshop.ts';

export async function entry(workshop: Workshop): Promise<readonly Draft[]> {
  const { v1, v2, sign, issue, of, stack } = workshop;
  const refused = (name: string, about: string, bundle: BundleJson, found: RegExp): Draft =>
    bad(name, about, of(bundle), 'TRANSPARENCY_LOG', found);
  /** The promise of Rekor v1 if it recorded something else; the proof is omitted, as bundles 0.1 allow. */
  const recording = async (
    kind: LogKind,
    change: (body: string) => string,
  ): Promise<BundleJson> => {
    const bundle = await sign({ logs: [kind], version: '0.1' });
    const body = Buffer.from(entryOf(bundle).canonicalizedBody, 'base64').toString();
    return withEntry(
      bundle,
      promised(
        { ...entryOf(bundle), canonicalizedBody: Buffer.from(change(body)).toString('base64') },
        stack.authorities.rekorV1.privateKey,
      ),
    );
  };
  const recordedInV2 = (body: Parameters<typeof secondEntry>[0]): BundleJson =>
    withEntry(v2, secondEntry(body, stack.authorities.rekorV2.privateKey));
  const otherHash =
    (member: RegExp) =>
    (body: string): string =>
      body.replace(member, (text) => text.replace(/[0-9a-f]{64}/, 'ab'.repeat(32)));
  const [other1, other2] = [await sign({ logs: ['Rekor v1 dsse 0.0.1'] }), await sign()];
  const foreign = async (kind: LogKind): Promise<Draft['bundle']> =>
    of(await signedTwice(kind)).bundle;
  return [
    refused(
      'dsse-of-another-signature',
      'The entry of Rekor v1 is that of another bundle',
      withEntry(v1, entryOf(other1)),
      /^tlog entry signature mismatch$/,
    ),
    refused(
      'hashedrekord-of-another-signature',
      'The entry of Rekor v2 is that of another bundle',
      withEntry(v2, entryOf(other2)),
      /^signature mismatch$/,
    ),
    refused(
      'another-entry-beside',
      'The bundle contains the log entry of another bundle in addition to its own',
      changed(v2, ({ verificationMaterial }) =>
        verificationMaterial.tlogEntries.push(entryOf(other2)),
      ),
      /^signature mismatch$/,
    ),
    refused(
      'dsse-of-another-payload',
      'The log records this signature with the hash of another payload',
      await recording('Rekor v1 dsse 0.0.1', otherHash(/"payloadHash":\{[^}]*\}/)),
      /^DSSE payload hash mismatch$/,
    ),
    refused(
      'dsse-v2-of-another-payload',
      'Rekor v2 records this signature as dsse 0.0.2 with the hash of another payload',
      recordedInV2(dsseBody(v2, 'e30=')),
      /^DSSE payload hash mismatch$/,
    ),
    refused(
      'dsse-v2-of-another-signature',
      'Rekor v2 records another signature of this payload as dsse 0.0.2',
      recordedInV2(dsseBody(other2, envelopeOf(v2).payload)),
      /^tlog entry signature mismatch$/,
    ),
    refused(
      'intoto-of-another-payload',
      'The log records this signature as intoto 0.0.2 with the hash of another payload',
      await recording('Rekor v1 intoto 0.0.2', otherHash(/"payloadHash":\{[^}]*\}/)),
      /^DSSE payload hash mismatch$/,
    ),
    refused(
      'intoto-of-another-signature',
      'The entry of Rekor v1, intoto 0.0.2, is that of another bundle',
      withEntry(v1, entryOf(await sign({ logs: ['Rekor v1 intoto 0.0.2'] }))),
      /^tlog entry signature mismatch$/,
    ),
    refused(
      'hashedrekord-v2-of-another-payload',
      'Rekor v2 records this signature with the hash of something else',
      recordedInV2(hashedRekordBody(v2)),
      /^digest mismatch$/,
    ),
    refused(
      'hashedrekord-of-another-payload',
      'The log records this signature as hashedrekord 0.0.1 with the hash of something else',
      await recording('Rekor v1 hashedrekord 0.0.1', otherHash(/"hash":\{[^}]*\}/)),
      /^digest mismatch$/,
    ),
    refused(
      'hashedrekord-of-a-damaged-signature',
      'The log records a signature that differs in one bit',
      await recording('Rekor v1 hashedrekord 0.0.1', (body) =>
        body.replace(
          /("signature":\{"content":")([^"]+)/,
          (_, start: string, base64: string) => `${start}${flipped(base64)}`,
        ),
      ),
      /^signature mismatch$/,
    ),
    refused(
      'entry-of-another-kind',
      'The entry is labelled dsse, and the log recorded a hashedrekord',
      changed(v2, (bundle) => (entryOf(bundle).kindVersion.kind = 'dsse')),
      /^kind\/version mismatch/,
    ),
    refused(
      'entry-of-an-unknown-kind',
      'The log records the signature with a kind that is not used for bundles',
      changed(
        await recording('Rekor v1 hashedrekord 0.0.1', (body) =>
          replaced(body, '"kind":"hashedrekord"', '"kind":"rekord"'),
        ),
        (bundle) => (entryOf(bundle).kindVersion.kind = 'rekord'),
      ),
      /^unsupported kind: rekord$/,
    ),
    bad(
      'dsse-of-another-certificate',
      'Rekor v1 records another certificate of the same key',
      { ...of(v1), bundle: await foreign('Rekor v1 dsse 0.0.1') },
      'LOG_ENTRY_KEY',
      /^another$/,
    ),
    bad(
      'hashedrekord-of-another-certificate',
      'Rekor v2 records another certificate of the same key',
      { ...of(v2), bundle: await foreign('Rekor v2 hashedrekord 0.0.2') },
      'LOG_ENTRY_KEY',
      /^another$/,
    ),
    bad(
      'dsse-v2-of-another-certificate',
      'Rekor v2 records another certificate, as dsse 0.0.2',
      of(
        recordedInV2(
          dsseBody(
            changed(
              v2,
              ({ verificationMaterial }) =>
                (verificationMaterial.certificate = other2.verificationMaterial.certificate ?? {
                  rawBytes: '',
                }),
            ),
          ),
        ),
      ),
      'LOG_ENTRY_KEY',
      /^another$/,
    ),
    bad(
      'intoto-of-another-certificate',
      'Rekor v1 records another certificate of the same key, as intoto 0.0.2',
      { ...of(v1), bundle: await foreign('Rekor v1 intoto 0.0.2') },
      'LOG_ENTRY_KEY',
      /^another$/,
    ),
    bad(
      'hashedrekord-v1-of-another-certificate',
      'Rekor v1 records another certificate of the same key, as hashedrekord 0.0.1',
      { ...of(v1), bundle: await foreign('Rekor v1 hashedrekord 0.0.1') },
      'LOG_ENTRY_KEY',
      /^another$/,
    ),
  ];

  /** One key with two certificates: the bundle contains the first, the log the second. */
  async function signedTwice(kind: LogKind): Promise<BundleJson> {
    const shown = await issue();
    const recorded = await issue({ key: shown.key });
    return sign({ by: shown, recorded, logs: [kind] });
  }
}

/** Of another payload. */
function hashedRekordBody(bundle: BundleJson): Parameters<typeof secondEntry>[0] {
  const body = JSON.parse(Buffer.from(entryOf(bundle).canonicalizedBody, 'base64').toString()) as {
    kind: string;
    apiVersion: string;
    spec: { hashedRekordV002: { data: { digest: string } } };
  };
  body.spec.hashedRekordV002.data.digest = Buffer.alloc(32, 1).toString('base64');
  return body;
}
