// Reports of finished runs, with the facts that a test needs.
import type { StoredBundle, VerifiedBundle } from '../../src/model/bundle.ts';
import type { NonEmpty } from '../../src/model/non-empty.ts';
import type { SignReport, VerifyReport } from '../../src/model/report.ts';
import { PROVENANCE_TYPE } from '../../src/model/types.ts';
import type { ImageVerdict, Seen, Verdict } from '../../src/model/verdict.ts';
import { DIGEST, SUBJECT, verifiedBundle } from '../../lab/bundles/evidence.ts';

export const REFERRER = `sha256:${'cd'.repeat(32)}` as const;
export const NOTHING_SEEN: Seen = { rejections: [], unacceptable: [], ignored: [], looked: [] };

/** A signature in the registry and provenance in both stores, of one image. */
export function signReport(changes: Partial<SignReport> = {}): SignReport {
  const inRegistry = (predicateType: string): StoredBundle => ({
    store: 'registry',
    subject: SUBJECT,
    predicateType,
    referrer: REFERRER,
    place: `ghcr.io/acme/app@${REFERRER}`,
  });
  const attestation = { id: '77', url: 'https://github.com/acme/app/attestations/77' };
  const inGitHub: StoredBundle = {
    store: 'github',
    subject: SUBJECT,
    predicateType: PROVENANCE_TYPE,
    place: 'attestation 77 of acme/app',
    attestation,
  };
  const [signature, provenance] = [
    verifiedBundle({ source: 'this step', index: '1' }),
    verifiedBundle({ source: 'this step', index: '2', predicateType: PROVENANCE_TYPE }),
  ];
  return {
    mode: 'sign',
    subjects: [SUBJECT],
    bundles: [
      {
        signed: signedAs(signature),
        verified: signature,
        file: 'out/signature.json',
        stored: [inRegistry(signature.statement.predicateType)],
      },
      {
        signed: signedAs(provenance),
        verified: provenance,
        file: 'out/provenance.json',
        stored: [inRegistry(PROVENANCE_TYPE), inGitHub],
      },
    ],
    bundlePath: 'out/bundles.jsonl',
    failures: [],
    ...changes,
  };
}

/** The report of a signature that is stored in the registry, whoever signed. */
export function signedBy(
  verified: VerifiedBundle,
  store: 'registry' | 'github' = 'registry',
): SignReport {
  const signed = signedAs(verified);
  const stored: StoredBundle = {
    store,
    subject: SUBJECT,
    predicateType: signed.predicateType,
    place: 'somewhere',
  };
  return signReport({
    bundles: [{ signed, verified, file: 'out/signature.json', stored: [stored] }],
  });
}

function signedAs({
  statement: { predicateType },
}: VerifiedBundle): SignReport['bundles'][0]['signed'] {
  return { subjects: [SUBJECT], predicateType, json: Buffer.from('{}') };
}

export function imageVerdict(
  verdict: Verdict,
  reference = `ghcr.io/acme/app@${DIGEST}`,
): ImageVerdict {
  return { reference, subject: verdict.outcome === 'inconclusive' ? undefined : SUBJECT, verdict };
}

export function verifyReport(...images: NonEmpty<ImageVerdict>): VerifyReport {
  return {
    mode: 'verify',
    images,
    outcome:
      images.find(({ verdict }) => verdict.outcome !== 'accepted')?.verdict.outcome ?? 'accepted',
    insecure: [],
  };
}

export function accepted(
  bundle: VerifiedBundle = verifiedBundle(),
  requirement = 'signature',
): Verdict {
  return { ...NOTHING_SEEN, outcome: 'accepted', evidence: [{ requirement, bundles: [bundle] }] };
}
