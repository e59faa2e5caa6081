// Says in words what became of an image: for the log, and in two lines for the annotation of a failed step.
import type { VerifiedBundle } from '../model/bundle.ts';
import { isKeyHolder, type Signer } from '../model/identity.ts';
import { formatSubject } from '../model/subject.ts';
import { nameOfType } from '../model/types.ts';
import type { Finding, ImageVerdict, Seen, Unacceptable, Verdict } from '../model/verdict.ts';
import { remedyOf, sentenceOf } from './rejections.ts';
import { remedyForSigner } from './signer-remedies.ts';
import { forLog } from './untrusted.ts';

/** One line, then the reasons, each on a line of its own. */
export function explainVerdict({ reference, subject, verdict }: ImageVerdict): readonly string[] {
  return [
    `${verdict.outcome}: ${subject ? formatSubject(subject) : reference}`,
    ...reasons(verdict).map((reason) => `  ${forLog(reason)}`),
  ];
}

/** Message and remedy of a failed verdict, each at most a line. */
export function failureOf(image: ImageVerdict): Said {
  const { message, remedy } = failure(image);
  return { message: forLog(message), remedy: forLog(remedy) };
}

interface Said {
  readonly message: string;
  readonly remedy: string;
}

function failure({ reference, subject, verdict }: ImageVerdict): Said {
  const image = subject ? formatSubject(subject) : reference;
  if ('failures' in verdict) {
    const [{ message, remedy }] = verdict.failures;
    // A failure of the image itself names it; one of a source does not.
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
        message: `Cannot accept "${image}": unattested, no bundle found in ${places(verdict)}`,
        remedy: 'sign the image in the workflow that builds it, before this gate',
      };
    case 'rejected':
      return {
        message: `Cannot accept "${image}": rejected, no acceptable ${verdict.unmet.join(' and no acceptable ')}. ${closest(verdict)}`,
        remedy: remedyFor(verdict),
      };
  }
}

function reasons(verdict: Verdict): readonly string[] {
  const evidence = verdict.outcome === 'accepted' ? verdict.evidence : [];
  const failures = 'failures' in verdict ? verdict.failures : [];
  return [
    ...evidence.flatMap(({ requirement, acceptances }) =>
      firstOf(acceptances.map(({ bundle }) => `${requirement}: ${describe(bundle)}`)),
    ),
    ...firstOf(nearestFirst(verdict.unacceptable).flatMap(findingsOf)),
    ...firstOf(
      verdict.rejections.map(
        (rejection) => `${rejection.found.place}: ${rejection.code}, ${sentenceOf(rejection)}`,
      ),
    ),
    ...firstOf(
      verdict.ignored.map(
        ({ found, statement }) =>
          `${found.place}: verified, but of type ${statement.predicateType}, which was not asked for`,
      ),
    ),
    ...firstOf(failures.map(({ code, message }) => `${code}: ${message}`)),
    ...verdict.looked.map(({ place, answer }) => `looked at ${place}: ${answer}`),
  ];
}

/** Lines of one kind that people read; whoever may push can make hundreds. */
const READ = 20;

function firstOf(lines: readonly string[]): readonly string[] {
  const more = lines.length - READ;
  return more > 0 ? [...lines.slice(0, READ), `and ${more} more, see "results-path"`] : lines;
}

function findingsOf({ bundle, findings }: Unacceptable): readonly string[] {
  const what = `${nameOfType(bundle.statement.predicateType)} at ${bundle.found.place}`;
  return findings.map((finding) => `${what}: ${inWords(finding)}`);
}

/** A signer that breaks one rule is nearer to what is required than one that breaks three. */
export function nearestFirst(unacceptable: readonly Unacceptable[]): readonly Unacceptable[] {
  return unacceptable.toSorted((a, b) => a.findings.length - b.findings.length);
}

function describe({ signer, times: [first], found }: VerifiedBundle): string {
  return `signed ${signedBy(signer)} at ${first ? first.time.toISOString() : 'a time that nobody witnessed'}, found at ${found.place}`;
}

export function signedBy(signer: Signer): string {
  return isKeyHolder(signer)
    ? `with the key ${signer.key} (${signer.from})`
    : `by ${signer.san} (${signer.issuer})`;
}

function inWords({ rule, expected, found }: Finding): string {
  return `${rule}: expected "${expected}", found "${found}"`;
}

function places({ looked }: Seen): string {
  return looked.map(({ place, answer }) => `${place} (${answer})`).join(', ') || 'any place';
}

function closest(verdict: Seen): string {
  const [near] = nearestFirst(verdict.unacceptable);
  if (near) return inWords(near.findings[0]);
  const [broken] = verdict.rejections;
  if (broken) return `Found at ${broken.found.place}: ${sentenceOf(broken)}`;
  const [other] = verdict.ignored;
  return other ? `Found only a bundle of type ${other.statement.predicateType}` : '';
}

function remedyFor(verdict: Seen): string {
  const [near] = nearestFirst(verdict.unacceptable);
  if (near) return remedyForSigner(near.findings);
  const [broken] = verdict.rejections;
  if (broken) return remedyOf(broken);
  return verdict.ignored.length > 0
    ? 'sign the image, or name the type that is there in "require"'
    : 'sign the image';
}
