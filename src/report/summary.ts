// The job summary, as GitHub-flavoured Markdown.
import type { DryRunReport, Report } from '../model/report.ts';
import type { Skip } from '../model/skip.ts';
import { namedIn } from '../model/subject.ts';
import { DRY_RUN, rowsOf, titleOf } from './dry-run.ts';
import { folded, within } from './fold.ts';
import { areMany } from './many.ts';
import { code, table } from './markdown.ts';
import { signSections } from './sign-summary.ts';
import { forMarkdown } from './untrusted.ts';
import { verifySections } from './verify-summary.ts';

/** Bytes: the runner drops a summary of over 1 MiB. */
const LARGEST = { summary: 500_000, list: 100_000 } as const;

export function renderSummary(report: Report, commands: readonly string[]): string {
  const sections = sectionsOf(report, commands);
  return `${within(sections, LARGEST.summary).join('\n\n')}\n`;
}

export function renderSkip({ message, remedy }: Skip): string {
  return `## Images not signed\n\n${forMarkdown(message)}\n\nTo do without this notice: ${forMarkdown(remedy)}\n`;
}

function sectionsOf(report: Report, commands: readonly string[]): readonly string[] {
  if (report.mode === 'sign') return signSections(report, commands);
  if (report.mode === 'dry-run') return dryRunSections(report);
  return verifySections(report);
}

function dryRunSections(report: DryRunReport): readonly string[] {
  const rows = rowsOf(report).filter(([, values]) => values.length > 0);
  const isMany = areMany(namedIn(report.subjects));
  const isLong = (values: readonly string[]): boolean => isMany && areMany(values);
  const short = rows.filter(([, values]) => !isLong(values));
  const long = rows.filter(([, values]) => isLong(values));
  return [
    '## Images not signed',
    DRY_RUN,
    table(
      ['', 'dry run'],
      short.map(([what, values]) => [what, values.map(code).join('<br>')]),
    ),
    ...long.map(([what, values]) =>
      folded(`${titleOf(what)}: ${values.length}`, [
        within(values.map(code), LARGEST.list).join('<br>'),
      ]),
    ),
  ];
}
