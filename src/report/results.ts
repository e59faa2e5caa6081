// Everything about each image, in the shape that workflows rely on: docs/outputs.md.
import type { StoredBundle, VerifiedBundle } from '../model/bundle.ts';
import { isKeyHolder, type Signer } from '../model/identity.ts';
import type { Provenance } from '../model/provenance.ts';
import type { Copying, Report, ReportedBundle, SignReport } from '../model/report.ts';
import { formatSubject, includesSubject, isSameSubject, type Subject } from '../model/subject.ts';
import type { TaggedImage } from '../model/tag.ts';
import type { ImageVerdict, Verdict } from '../model/verdict.ts';
import { copiesOf } from './copies.ts';
import { type PlannedImage, plannedImage } from './dry-run.ts';
import { sentenceOf } from './rejections.ts';

type Values = Readonly<Record<string, unknown>>;

export interface SignedImage {
  readonly image: string;
  readonly digest: string;
  readonly bundles: readonly Values[];
  readonly tags: readonly Values[];
}

export interface JudgedImage {
  /** Only in an audit: the verdict had no effect. */
  readonly audit?: true;
  readonly image: string;
  readonly places: readonly object[];
  readonly part?: string;
  readonly pinned?: string;
  readonly digest?: string;
  readonly verdict: string;
  readonly evidence: readonly {
    /** From a policy file. */
    readonly policy?: string;
    readonly requirement: string;
    readonly bundles: readonly Values[];
  }[];
  readonly unacceptable: readonly Values[];
  readonly rejections: readonly Values[];
  readonly ignored: readonly Values[];
  readonly looked: readonly object[];
  readonly failures: readonly Values[];
  /** Policies that accept the image without evidence; absent without any. */
  readonly exemptions?: readonly object[];
  /** What policies in mode warn lack; absent without any. */
  readonly warnings?: readonly string[];
}

export type Result = SignedImage | PlannedImage | JudgedImage;

/** One for each image, in order. */
export function resultsOf(report: Report): readonly Result[] {
  if (report.mode === 'verify') {
    const audit = report.onFailure === 'warn' ? ({ audit: true } as const) : {};
    return report.images.map((image) => ({ ...audit, ...judgedImage(image, report.copying) }));
  }
  if (report.mode === 'dry-run')
    return report.subjects.map((subject) => plannedImage(subject, report));
  return report.subjects.map((subject) => signedImage(subject, report));
}

function signedImage(subject: Subject, { bundles, tagging }: SignReport): SignedImage {
  const about = bundles.filter(({ signed }) => includesSubject(signed.subjects, subject));
  const tags = tagging.tagged.filter((each) => isSameSubject(each.subject, subject));
  return {
    image: formatSubject(subject),
    digest: subject.digest,
    bundles: about.map((each) => signedResult(each, subject)),
    tags: tags.map(tagResult),
  };
}

function signedResult(
  { signed, verified, file, stored }: ReportedBundle,
  subject: Subject,
): Values {
  const here = stored.filter(({ subjects }) => includesSubject(subjects, subject));
  const { foundAt } = signed;
  return {
    ...bundleResult(verified),
    file,
    ...(foundAt === undefined ? {} : { foundAt }),
    stored: here.map(storedResult),
  };
}

function tagResult({ tag, before, subject }: TaggedImage): Values {
  return { tag, ...(before === undefined ? {} : { before }), after: subject.digest };
}

function storedResult({ store, place, referrer, attestation }: StoredBundle): Values {
  return {
    store,
    place,
    ...(referrer ? { referrer } : {}),
    ...(attestation ? { attestation } : {}),
  };
}

function judgedImage(
  { reference, places, part, subject, verdict }: ImageVerdict,
  copying: Copying | undefined,
): JudgedImage {
  const evidence = verdict.outcome === 'accepted' ? verdict.evidence : [];
  const failures = 'failures' in verdict ? verdict.failures : [];
  return {
    image: reference,
    places,
    ...(part === undefined ? {} : { part }),
    ...(subject ? { pinned: formatSubject(subject), digest: subject.digest } : {}),
    verdict: verdict.outcome,
    evidence: evidence.map(({ policy, requirement, acceptances }) => ({
      ...(policy === 'inputs' ? {} : { policy }),
      requirement,
      bundles: acceptances.map(({ bundle }) => evidenceResult(bundle, copying)),
    })),
    unacceptable: verdict.unacceptable.map(({ bundle, findings }) => ({
      ...bundleResult(bundle),
      findings,
    })),
    rejections: verdict.rejections.map((rejection) => ({
      source: rejection.found.source,
      place: rejection.found.place,
      code: rejection.code,
      ...rejection.finding,
      message: sentenceOf(rejection),
    })),
    ignored: verdict.ignored.map(bundleResult),
    looked: verdict.looked,
    failures: failures.map(({ kind, code, message, remedy }) => ({ kind, code, message, remedy })),
    ...exceptionsIn(verdict),
  };
}

function evidenceResult(bundle: VerifiedBundle, copying: Copying | undefined): Values {
  const copies = copiesOf(bundle, copying);
  return { ...bundleResult(bundle), ...(copies ? { copied: copies.map(storedResult) } : {}) };
}

/** Only reported for policy files. */
function exceptionsIn(verdict: Verdict): Pick<JudgedImage, 'exemptions' | 'warnings'> {
  const exemptions = 'exemptions' in verdict ? (verdict.exemptions ?? []) : [];
  const { warnings } = verdict;
  return {
    ...(exemptions.length > 0 ? { exemptions } : {}),
    ...(warnings ? { warnings } : {}),
  };
}

function bundleResult({ found, statement, signer, times, logEntries }: VerifiedBundle): Values {
  const { provenance } = statement;
  return {
    source: found.source,
    place: found.place,
    predicateType: statement.predicateType,
    ...signerResult(signer),
    ...(isKeyHolder(signer)
      ? {}
      : { ...(signer.workflow ? { workflow: signer.workflow } : {}), claims: signer.claims }),
    times: times.map(({ time, source }) => ({ time: time.toISOString(), source })),
    logEntries,
    ...(provenance ? { provenance: provenanceResult(provenance) } : {}),
  };
}

function provenanceResult({ buildType, builder, materials }: Provenance): Values {
  return { buildType, ...(builder === undefined ? {} : { builder }), materials };
}

export function signerResult(signer: Signer): Readonly<Record<string, string>> {
  return isKeyHolder(signer)
    ? { key: signer.key }
    : { identity: signer.san, issuer: signer.issuer };
}
