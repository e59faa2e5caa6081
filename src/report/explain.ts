// Describes a verdict in words: for the log, and in two lines for the annotation of a failed step.
import type { VerifiedBundle } from '../model/bundle.ts';
import { formatPlace } from '../model/place.ts';
import { formatSubject } from '../model/subject.ts';
import type { Finding, Rejection } from '../model/rejection.ts';
import type { ImageVerdict, Seen, Verdict } from '../model/verdict.ts';
import { type Candidate, candidatesIn, linesFor, nearestFirst, signedBy } from './candidates.ts';
import { likelyCause } from './likely-cause.ts';
import { remedyOf, sentenceOf } from './rejections.ts';
import { remedyForSigner } from './signer-remedies.ts';
import { forLog } from './untrusted.ts';

/** Printed with every verdict that has no effect. */
export const AUDIT =
  'Audit only: "on-failure: warn" is set, so images that are not accepted do not fail this job';

/** One line, then the reasons, one per line. */
export function explainVerdict(image: ImageVerdict): readonly string[] {
  const { places, verdict } = image;
  return [
    forLog(`${inShort(verdict)}: ${nameOf(image)}`),
    ...places.map((place) => `  named in ${forLog(formatPlace(place))}`),
    ...reasons(verdict).map((reason) => `  ${forLog(reason)}`),
  ];
}

/** Message and remedy of a failed verdict, each at most a line. */
export function failureOf(image: ImageVerdict): Said {
  const { message, remedy } = failure(image);
  return { message: forLog(message), remedy: forLog(remedy) };
}

const SIGN_FIRST =
  'sign the image in the workflow that builds it, before this step; for one platform of a signed multi-platform image, verify the index instead';
const SIGN_PARTS =
  'set "recursive: true" in the step that signs the image, or remove "recursive" from this step to verify the index alone';

interface Said {
  readonly message: string;
  readonly remedy: string;
}

/** `ghcr.io/acme/app@sha256:…`, with the platform if it is a part of an image. */
export function nameOf({ reference, part, subject }: ImageVerdict): string {
  const name = subject ? formatSubject(subject) : reference;
  return part === undefined ? name : `${name} (${part} of ${reference})`;
}

function failure(judged: ImageVerdict): Said {
  const { reference, part, verdict } = judged;
  const image = nameOf(judged);
  if ('failures' in verdict) {
    const [{ message, remedy }] = verdict.failures;
    // A failure of the image itself names the image; one of a source does not.
    return {
      message: message.includes(`"${reference}"`)
        ? `${message} (${verdict.outcome})`
        : `Cannot verify "${image}": ${verdict.outcome}. ${message}`,
      remedy,
    };
  }
  switch (verdict.outcome) {
    case 'accepted':
      return { message: `${image} is accepted`, remedy: 'nothing' };
    case 'unattested':
      return {
        message: `Cannot accept "${image}": unattested, no signature or attestation found (${verdict.looked.length} places searched, listed in the log)`,
        remedy: part === undefined ? SIGN_FIRST : SIGN_PARTS,
      };
    case 'rejected':
      return {
        message: `Cannot accept "${image}": rejected, no acceptable ${verdict.unmet.join(' and no acceptable ')}. ${causeOf(verdict, verdict.unmet)}${closest(verdict)}`,
        remedy: remedyFor(verdict, verdict.unmet),
      };
  }
}

/** The verdict, where it is an exception with what it is. */
export function inShort(verdict: Verdict): string {
  if (verdict.outcome !== 'accepted') return verdict.outcome;
  if (verdict.evidence.length === 0) return 'accepted without verification';
  return verdict.warnings ? 'accepted with warnings' : 'accepted';
}

/** What policies state about an image in addition to its evidence. */
export function notesOn(verdict: Verdict): readonly string[] {
  const exemptions = 'exemptions' in verdict ? (verdict.exemptions ?? []) : [];
  return [
    ...exemptions.map(
      ({ policy, alternative }) =>
        `not verified: policy "${policy}" accepts it without evidence ("${alternative}" is static)`,
    ),
    ...(verdict.warnings ?? []).map((missing) => `warning: no acceptable ${missing}`),
  ];
}

function reasons(verdict: Verdict): readonly string[] {
  const evidence = verdict.outcome === 'accepted' ? verdict.evidence : [];
  const failures = 'failures' in verdict ? verdict.failures : [];
  return [
    ...notesOn(verdict),
    ...evidence.map(({ requirement, acceptances: [first, ...others] }) =>
      [`${requirement}: ${describe(first.bundle)}`, ...moreThan(others)].join(', '),
    ),
    ...firstOf(candidatesIn({ ...verdict, rejections: [], ignored: [] }).flatMap(linesOf)),
    ...firstOf(sentencesOf(verdict.rejections)),
    ...firstOf(
      verdict.ignored.map(
        ({ found, statement }) =>
          `${found.place}: verified, but of type ${statement.predicateType}, which "require" does not list`,
      ),
    ),
    ...firstOf(failures.map(({ code, message }) => `${code}: ${message}`)),
    ...verdict.looked.map(({ place, answer }) => `searched ${place}: ${answer}`),
  ];
}

/** Lines of one kind; anyone with push access can cause hundreds. */
const READ = 20;

function firstOf(lines: readonly string[]): readonly string[] {
  const more = lines.length - READ;
  return more > 0 ? [...lines.slice(0, READ), `and ${more} more, see "results-path"`] : lines;
}

function moreThan(others: readonly unknown[]): readonly string[] {
  return others.length > 0 ? [`and ${others.length} more`] : [];
}

/** Signer, findings, and the inputs that would accept this signer: the reader decides. */
function linesOf(candidate: Candidate): readonly string[] {
  const { type, place, signer, findings, alike } = candidate;
  const what = `${type} at ${place}`;
  const paste = linesFor(candidate);
  return [
    ...(signer ? [`${what}: signed ${signedBy(signer)}`] : []),
    ...findings.map((finding) => `${what}: ${inWords(finding)}`),
    ...(paste.length > 0
      ? [`${what}: to accept this signer instead of others, set "${paste.join('" and "')}"`]
      : []),
    ...(alike > 0 ? [`${what}: and ${alike} more like it`] : []),
  ];
}

function sentencesOf(rejections: readonly Rejection[]): readonly string[] {
  const alike = Map.groupBy(rejections, (each) => `${each.code}, ${sentenceOf(each)}`);
  return [...alike].map(([sentence, [first, ...others]]) =>
    [`${first?.found.place ?? ''}: ${sentence}`, ...moreThan(others)].join(', '),
  );
}

function describe({ signer, times: [first], found }: VerifiedBundle): string {
  const time = first ? `at ${first.time.toISOString()}` : 'without a trusted timestamp';
  return `signed ${signedBy(signer)} ${time}, found at ${found.place}`;
}

function inWords({ rule, expected, found }: Finding): string {
  return `${rule}: expected "${expected}", found "${found}"`;
}

function causeOf(verdict: Seen, unmet: readonly string[]): string {
  const cause = likelyCause(verdict, unmet);
  return cause === undefined ? '' : `${cause}. `;
}

function closest(verdict: Seen): string {
  const [near] = nearestFirst(verdict.unacceptable);
  if (near) return inWords(near.findings[0]);
  const [broken] = verdict.rejections;
  if (broken) return `Found at ${broken.found.place}: ${sentenceOf(broken)}`;
  const [other] = verdict.ignored;
  return other ? `Found only a bundle of type ${other.statement.predicateType}` : '';
}

function remedyFor(verdict: Seen, unmet: readonly string[]): string {
  const [near] = nearestFirst(verdict.unacceptable);
  if (near) return remedyForSigner(near.findings, near.bundle.signer);
  const [broken] = verdict.rejections;
  if (broken) return remedyOf(broken);
  if (unmet.includes('provenance') && !unmet.includes('signature'))
    return 'set "attestations: provenance" in the step that signs the image';
  return verdict.ignored.length > 0
    ? 'sign the image, or list the type that was found in "require"'
    : 'sign the image';
}
