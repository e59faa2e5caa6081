// Reports of finished runs, with the facts that a test needs.
import type {
  MadeBundle,
  StoredBundle,
  VerifiedBundle,
  WitnessedBundle,
  StoreName,
} from '../../src/model/bundle.ts';
import type { NonEmpty } from '../../src/model/non-empty.ts';
import type { SignReport, VerifyReport } from '../../src/model/report.ts';
import { PROVENANCE_TYPE } from '../../src/model/types.ts';
import type { Finding } from '../../src/model/rejection.ts';
import type { ImageVerdict, Seen, Unacceptable, Verdict } from '../../src/model/verdict.ts';
import { DIGEST, KEYLESS, SUBJECT, verifiedBundle } from '../../lab/bundles/evidence.ts';
import { madeBundle } from '../stores/made.ts';

export const REFERRER = `sha256:${'cd'.repeat(32)}` as const;
export const NOTHING_SEEN: Seen = { rejections: [], unacceptable: [], ignored: [], looked: [] };

/** A signature in the registry and provenance in both stores, of one image. */
export function signReport(changes: Partial<SignReport> = {}): SignReport {
  const signature = made(verifiedBundle({ source: 'this step', index: '1' }), 'signature');
  const provenance = made(
    verifiedBundle({ source: 'this step', index: '2', predicateType: PROVENANCE_TYPE }),
    'provenance',
  );
  const inGitHub: StoredBundle = {
    ...storedIn('github', provenance),
    place: 'attestation 77 of acme/app',
    attestation: { id: '77', url: 'https://github.com/acme/app/attestations/77' },
  };
  return {
    mode: 'sign',
    instance: 'public-good',
    subjects: [SUBJECT],
    bundles: [
      { ...signature, stored: [inRegistry(signature)] },
      { ...provenance, stored: [inRegistry(provenance), inGitHub] },
    ],
    bundlePath: 'out/bundles.jsonl',
    failures: [],
    tagging: { tagged: [], failures: [] },
    ...changes,
  };
}

/** The report of a signature that is stored in one place, with any signer. */
export function signedBy(verified: VerifiedBundle, store: StoreName = 'registry'): SignReport {
  const bundle = made(verified, 'signature');
  return signReport({ bundles: [{ ...bundle, stored: [storedIn(store, bundle)] }] });
}

function made(verified: VerifiedBundle, name: string): MadeBundle {
  const { predicateType } = verified.statement;
  const json = Buffer.from(`{"name":"${name}"}`);
  return madeBundle({ subjects: [SUBJECT], predicateType, json }, verified, `out/${name}.json`);
}

function storedIn(store: StoreName, { signed: { id, subjects } }: MadeBundle): StoredBundle {
  return { id, store, subjects, place: 'somewhere' };
}

function inRegistry(bundle: MadeBundle): StoredBundle {
  return {
    ...storedIn('registry', bundle),
    referrer: REFERRER,
    place: `ghcr.io/acme/app@${REFERRER}`,
  };
}

export function unacceptable(bundle: VerifiedBundle, ...findings: NonEmpty<Finding>): Unacceptable {
  return { bundle, requirement: 'signature', authority: KEYLESS, findings };
}

export function imageVerdict(
  verdict: Verdict,
  reference = `ghcr.io/acme/app@${DIGEST}`,
): ImageVerdict {
  const subject = verdict.outcome === 'inconclusive' ? undefined : SUBJECT;
  return { reference, places: [], subject, verdict };
}

export function verifyReport(...images: NonEmpty<ImageVerdict>): VerifyReport {
  return {
    mode: 'verify',
    images,
    outcome:
      images.find(({ verdict }) => verdict.outcome !== 'accepted')?.verdict.outcome ?? 'accepted',
    onFailure: 'fail',
    insecure: [],
  };
}

export function accepted(
  bundle: WitnessedBundle = verifiedBundle(),
  requirement = 'signature',
): Verdict {
  return {
    ...NOTHING_SEEN,
    outcome: 'accepted',
    evidence: [{ policy: 'inputs', requirement, acceptances: [{ authority: KEYLESS, bundle }] }],
  };
}
