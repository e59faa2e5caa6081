// Untrusted certificates: wrong authority, wrong time, no certificate transparency log (docs/verification.md, section 3, rows 5, 8, 9 and 14).
import { leafUsage } from '../../services/sigstore/certificate.ts';
import { parseCertificate } from '../../../src/sigstore/certificate.ts';
import { type BundleJson, changed, entryOf } from '../../bundles/bundle-json.ts';
import { bad, type Draft } from '../draft.ts';
import { PAST, type RootJson, soon, within } from '../root.ts';
import type { CertificateRequest } from '../services/issue.ts';
import { promised } from '../services/log-key.ts';
import type { Workshop } from '../workshop.ts';

const HOUR = 60 * 60_000;
const YEAR = 365 * 24 * HOUR;
const NO_CHAIN = /^Failed to verify certificate chain$/;

export async function certificate(workshop: Workshop): Promise<readonly Draft[]> {
  const { v1, v2, sign, issue, of, stack, trustedRoot, otherRoot, unloggedRoot } = workshop;
  const refused = (
    name: string,
    about: string,
    bundle: BundleJson,
    found: RegExp,
    root: RootJson = trustedRoot,
  ): Draft => bad(name, about, of(bundle, { trustedRoot: root }), 'CERTIFICATE', found);
  const signedWith = async (request: Partial<CertificateRequest>): Promise<BundleJson> =>
    sign({ by: await issue(request) });
  const around = (start: number, end: number): NonNullable<CertificateRequest['validity']> => ({
    notBefore: new Date(Date.now() + start),
    notAfter: new Date(Date.now() + end),
  });
  const late = await sign({ logs: ['Rekor v1 dsse 0.0.1'], version: '0.1' });
  const [leaf, another] = [await issue(), await issue()];
  return [
    bad(
      'unreadable-certificate',
      'The certificate consists of other bytes',
      of(
        changed(
          v2,
          ({ verificationMaterial: { certificate: own } }) => own && (own.rawBytes = 'MAA='),
        ),
      ),
      'BUNDLE_MALFORMED',
      /./,
    ),
    refused(
      'stranger-authority',
      'The trusted root has no authority with this name',
      v2,
      /^an issuer that is not a trusted authority$/,
      { ...trustedRoot, certificateAuthorities: unloggedRoot.certificateAuthorities },
    ),
    refused(
      'namesake-authority',
      'The trusted root has an authority with this name and another key',
      v2,
      NO_CHAIN,
      { ...trustedRoot, certificateAuthorities: otherRoot.certificateAuthorities },
    ),
    refused(
      'authority-over',
      'The authority was no longer trusted when it signed',
      v2,
      NO_CHAIN,
      within(trustedRoot, 'certificateAuthorities', PAST),
    ),
    refused(
      'authority-to-come',
      'The authority was not yet trusted when it signed, and was a minute later',
      v2,
      NO_CHAIN,
      within(trustedRoot, 'certificateAuthorities', soon()),
    ),
    refused(
      'forged',
      'The certificate names the authority and its key, and is signed with another key',
      await signedWith({ forger: leaf.key }),
      NO_CHAIN,
    ),
    refused(
      'issued-by-a-certificate',
      'The certificate was issued by a certificate that is not an authority',
      await sign({
        by: await issue({
          authority: { ...stack.authorities.fulcio, key: leaf.key },
          sct: 'signed',
        }),
      }),
      NO_CHAIN,
    ),
    refused(
      'expired',
      'The certificate had expired when it signed',
      await signedWith({ validity: around(-2 * HOUR, -HOUR) }),
      NO_CHAIN,
    ),
    refused(
      'not-yet-valid',
      'The certificate became valid after it signed, and still is',
      await signedWith({ validity: around(HOUR, 20 * YEAR) }),
      NO_CHAIN,
    ),
    refused(
      'one-time-too-late',
      'The timestamp is within the validity of the certificate, and the time of the log entry is after it',
      changed(late, (bundle) => {
        const entry = entryOf(bundle);
        const moved = { ...entry, integratedTime: String(Number(entry.integratedTime) + 7200) };
        bundle.verificationMaterial.tlogEntries = [
          promised(moved, stack.authorities.rekorV1.privateKey),
        ];
      }),
      NO_CHAIN,
    ),
    refused(
      'sct-missing',
      'The certificate is in no certificate transparency log',
      await signedWith({ sct: 'none' }),
      /^expected 1 SCTs, got 0$/,
    ),
    refused(
      'sct-of-another',
      'The certificate timestamp is that of another certificate',
      await signedWith({ sct: sctListOf(another.certificate) }),
      /^SCT verification failed$/,
    ),
    refused(
      'sct-of-an-unknown-log',
      'The trusted root has another certificate transparency log',
      v1,
      /^SCT verification failed$/,
      { ...trustedRoot, ctlogs: otherRoot.ctlogs },
    ),
    refused(
      'sct-of-a-log-that-was-over',
      'The certificate transparency log was no longer trusted',
      v1,
      /^SCT verification failed$/,
      within(trustedRoot, 'ctlogs', PAST),
    ),
    refused(
      'sct-of-a-log-to-come',
      'The certificate transparency log was not yet trusted, and was a minute later',
      v1,
      /^SCT verification failed$/,
      within(trustedRoot, 'ctlogs', soon()),
    ),
    bad(
      'usage-of-clients',
      'The certificate is for TLS clients',
      of(await signedWith({ usage: leafUsage('1.3.6.1.5.5.7.3.2', 'plain'), sct: 'signed' })),
      'CERTIFICATE_USAGE',
      /^another use$/,
    ),
    bad(
      'usage-not-stated',
      'The certificate has no extended key usage',
      of(await signedWith({ usage: leafUsage(undefined, 'plain'), sct: 'signed' })),
      'CERTIFICATE_USAGE',
      /^another use$/,
    ),
  ];
}

function sctListOf(der: Buffer): Buffer {
  const list = parseCertificate(der).extension('1.3.6.1.4.1.11129.2.4.2')?.value;
  if (!list) throw new Error('The certificate is in no log');
  return list;
}
