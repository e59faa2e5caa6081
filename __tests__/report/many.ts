// Reports of steps with many images, which have long names.
import { isNonEmpty, mapEach, type NonEmpty } from '../../src/model/non-empty.ts';
import type { DryRunReport, SignReport } from '../../src/model/report.ts';
import { formatSubject, type Subject } from '../../src/model/subject.ts';
import type { Failure, ImageVerdict } from '../../src/model/verdict.ts';
import { ISSUER, SAN, verifiedBundle } from '../../lab/bundles/evidence.ts';
import { madeBundle } from '../stores/made.ts';
import { signReport } from './reports.ts';

/** Distribution limits the path of a repository to 255 characters. */
const PATH = `acme/${'long-'.repeat(45)}`;

export function imageNumber(
  number: number,
): Pick<ImageVerdict, 'reference'> & { readonly subject: Subject } {
  const digest = `sha256:${number.toString(16).padStart(64, '0')}` as const;
  const subject = { repository: { registry: 'ghcr.io', path: `${PATH}app-${number}` }, digest };
  return { reference: formatSubject(subject), subject };
}

interface Facts {
  readonly failures?: readonly Failure[];
  readonly storedAt?: (number: number) => boolean;
  readonly foundAt?: (number: number) => string | undefined;
}

/** A signature of each image, and a tag. */
export function signingOf(
  count: number,
  { failures = [], storedAt = () => true, foundAt = () => undefined }: Facts = {},
): SignReport {
  const subjects = subjectsOf(count);
  const bundles = mapEach(subjects, (subject, number) => {
    const verified = verifiedBundle({ source: 'this step', index: String(number) });
    const { predicateType } = verified.statement;
    const found = foundAt(number);
    const made = madeBundle(
      {
        subjects: [subject],
        predicateType,
        json: Buffer.from(`{"image":${number}}`),
        ...(found === undefined ? {} : { foundAt: found }),
      },
      verified,
    );
    const place = {
      id: made.signed.id,
      store: 'registry',
      subjects: [subject],
      place: formatSubject(subject),
    } as const;
    return { ...made, stored: storedAt(number) ? [place] : [] };
  });
  return signReport({
    subjects,
    bundles,
    failures,
    tagging: { tagged: tagsOf(subjects), failures: [] },
  });
}

export function dryRunOf(count: number): DryRunReport {
  const subjects = subjectsOf(count);
  const { statement } = verifiedBundle();
  return {
    mode: 'dry-run',
    instance: 'public-good',
    own: { san: SAN, issuer: ISSUER, sourceDigest: '', event: 'push' },
    services: [],
    subjects,
    signings: mapEach(subjects, (subject) => ({
      subjects: [subject],
      predicateType: statement.predicateType,
      format: 'bundle',
      foundAt: [],
    })),
    places: subjects.map(formatSubject),
    tags: tagsOf(subjects),
  };
}

function subjectsOf(count: number): NonEmpty<Subject> {
  const subjects = Array.from({ length: count }, (_, number) => imageNumber(number).subject);
  if (!isNonEmpty(subjects)) throw new RangeError('no images');
  return subjects;
}

function tagsOf(subjects: NonEmpty<Subject>): DryRunReport['tags'] {
  return subjects.map((subject) => ({ subject, tag: 'v1', before: undefined }));
}
