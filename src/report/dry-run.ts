// The result of a dry run: what would be signed, logged, stored and tagged.
import type { DryRunReport, PlannedSigning } from '../model/report.ts';
import {
  formatSubject,
  includesSubject,
  isSameSubject,
  namedIn,
  type Subject,
} from '../model/subject.ts';
import { describeMove, formatTag } from '../model/tag.ts';
import { nameOfType } from '../model/types.ts';
import { groupOf, linesOf, type LogPart } from './log-part.ts';
import { areMany } from './many.ts';
import { signedSubjects } from './signed-subjects.ts';

export const DRY_RUN = 'Dry run: nothing was signed, logged, stored or tagged';

/** One line for each fact; of many images, a group for each kind of facts. */
export function dryRunLog(report: DryRunReport): readonly LogPart[] {
  const isMany = areMany(namedIn(report.subjects));
  return rowsOf(report).flatMap(([what, values]) => {
    const lines = values.map((value) => `${what} ${value}`);
    return isMany && areMany(values)
      ? groupOf(
          titleOf(what),
          lines.map((line) => [line]),
        )
      : linesOf(lines);
  });
}

/** `Already signed:` before a value is `Already signed` before their number. */
export function titleOf(what: string): string {
  return what.replace(/:$/, '');
}

/** Phrases for what would be done, each with its object. */
export function rowsOf({
  own,
  services,
  signings,
  places,
  tags,
}: DryRunReport): readonly (readonly [string, readonly string[]])[] {
  const isDone = ({ foundAt }: PlannedSigning): boolean => foundAt.length > 0;
  const open = signings.filter((each) => !isDone(each));
  return [
    ['Would sign', open.map(describe)],
    [
      'Already signed:',
      signings.filter(isDone).map((each) => `${describe(each)}, at ${each.foundAt.join(', ')}`),
    ],
    ['Would sign as', open.length > 0 ? ['key' in own ? own.key : own.san] : []],
    ['Would use', open.length > 0 ? services : []],
    ['Would store in', places],
    ['Would tag', tags.map((tag) => `${formatTag(tag)}: ${describeMove(tag)}`)],
  ];
}

function describe({ subjects, predicateType, format }: PlannedSigning): string {
  const { images, others } = signedSubjects(subjects);
  const what = [images.join(', '), others].filter((part) => part !== '').join(' ');
  const suffix = format === 'layer' ? " in cosign v2's format" : '';
  return `${what}: ${nameOfType(predicateType)}${suffix}`;
}

export interface PlannedImage {
  readonly image: string;
  readonly digest: string;
  readonly planned: readonly Readonly<Record<string, unknown>>[];
  readonly tags: readonly Readonly<Record<string, unknown>>[];
}

export function plannedImage(subject: Subject, { signings, tags }: DryRunReport): PlannedImage {
  return {
    image: formatSubject(subject),
    digest: subject.digest,
    planned: signings
      .filter(({ subjects }) => includesSubject(subjects, subject))
      .map(({ predicateType, format, foundAt }) => ({
        predicateType,
        // As "signature-format" names it.
        format: format === 'layer' ? 'legacy' : 'bundle',
        foundAt,
      })),
    tags: tags
      .filter((each) => isSameSubject(each.subject, subject))
      .map(({ tag, before }) => ({ tag, ...(before === undefined ? {} : { before }) })),
  };
}
