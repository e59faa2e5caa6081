// The outputs of a run: names and shapes are part of the contract with workflows.
import type { VerifiedBundle } from '../model/bundle.ts';
import { isKeyHolder, type Signer } from '../model/identity.ts';
import { isNonEmpty } from '../model/parsed.ts';
import type { Report, SignReport, VerifyReport } from '../model/report.ts';
import { formatSubject, type Subject } from '../model/subject.ts';
import type { ImageVerdict } from '../model/verdict.ts';
import { sentenceOf } from './rejections.ts';

export type Outputs = Readonly<Record<string, string>>;

export function outputsOf(report: Report, commands: readonly string[]): Outputs {
  return report.mode === 'sign'
    ? { ...imagesOf(report.subjects), ...signOutputs(report, commands) }
    : verifyOutputs(report);
}

function imagesOf(subjects: readonly Subject[]): Outputs {
  if (!isNonEmpty(subjects)) return {};
  const [first] = subjects;
  return {
    digest: first.digest,
    image: formatSubject(first),
    images: subjects.map(formatSubject).join('\n'),
  };
}

function signOutputs(
  { subjects, bundles, bundlePath, failures }: SignReport,
  commands: readonly string[],
): Outputs {
  const [{ verified: first }] = bundles;
  const attestation = bundles
    .flatMap(({ stored }) => stored)
    .find((each) => each.attestation)?.attestation;
  const results = subjects.map((subject) => ({
    image: formatSubject(subject),
    digest: subject.digest,
    bundles: bundles
      .filter(({ signed }) =>
        signed.subjects.some((each) => formatSubject(each) === formatSubject(subject)),
      )
      .map(({ verified, file, stored }) => ({
        ...bundleResult(verified),
        file,
        stored: stored
          .filter(
            (each) =>
              each.store === 'github' || formatSubject(each.subject) === formatSubject(subject),
          )
          .map(({ store, place, referrer, attestation: record }) => ({
            store,
            place,
            ...(referrer ? { referrer } : {}),
            ...(record ? { attestation: record } : {}),
          })),
      })),
  }));
  return {
    signed: String(failures.length === 0),
    ...signerResult(first.signer),
    'bundle-path': bundlePath,
    'attestation-id': attestation?.id ?? '',
    'attestation-url': attestation?.url ?? '',
    'log-index': first.logEntries[0]?.index ?? '',
    'verify-commands': commands.join('\n'),
    results: JSON.stringify(results),
  };
}

function verifyOutputs({ images, outcome }: VerifyReport): Outputs {
  // Only what was accepted is handed on: a later step cannot deploy a refused image by mistake.
  const accepted = images.flatMap(({ subject, verdict }) =>
    subject && verdict.outcome === 'accepted' ? [subject] : [],
  );
  return {
    verified: String(outcome === 'accepted'),
    verdict: outcome,
    ...(outcome === 'accepted' ? imagesOf(accepted) : {}),
    results: JSON.stringify(images.map(imageResult)),
  };
}

function imageResult({ reference, subject, verdict }: ImageVerdict): unknown {
  return {
    image: reference,
    ...(subject ? { pinned: formatSubject(subject), digest: subject.digest } : {}),
    verdict: verdict.outcome,
    evidence:
      verdict.outcome === 'accepted'
        ? verdict.evidence.map(({ requirement, bundles }) => ({
            requirement,
            bundles: bundles.map(bundleResult),
          }))
        : [],
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
    failures:
      'failures' in verdict
        ? verdict.failures.map(({ kind, code, message, remedy }) => ({
            kind,
            code,
            message,
            remedy,
          }))
        : [],
  };
}

function signerResult(signer: Signer): Outputs {
  return isKeyHolder(signer)
    ? { key: signer.key }
    : { identity: signer.san, issuer: signer.issuer };
}

function bundleResult({
  found,
  statement,
  signer,
  times,
  logEntries,
}: VerifiedBundle): Readonly<Record<string, unknown>> {
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
  };
}
