// The job summary, as GitHub-flavoured Markdown.
import type { DryRunReport, Report, SignReport, Tagging } from '../model/report.ts';
import type { NonEmpty } from '../model/non-empty.ts';
import type { Skip } from '../model/skip.ts';
import type { Subject } from '../model/subject.ts';
import { formatTag } from '../model/tag.ts';
import { DRY_RUN, rowsOf } from './dry-run.ts';
import { code, table } from './markdown.ts';
import { nameOfSigned, shownBundles } from './signed-bundles.ts';
import { signedSubjects } from './signed-subjects.ts';
import { signerRows } from './signer-rows.ts';
import { forMarkdown } from './untrusted.ts';
import { verifySections } from './verify-summary.ts';

/** Characters: the runner drops a summary of over 1 MiB. */
const LONGEST = 500_000;

export function renderSummary(report: Report, commands: readonly string[]): string {
  const sections = sectionsOf(report, commands);
  return `${withinLimit(sections).join('\n\n')}\n`;
}

export function renderSkip({ message, remedy }: Skip): string {
  return `## Images not signed\n\n${forMarkdown(message)}\n\nTo do without this notice: ${forMarkdown(remedy)}\n`;
}

function sectionsOf(report: Report, commands: readonly string[]): readonly string[] {
  if (report.mode === 'sign') return signSections(report, commands);
  if (report.mode === 'dry-run') return dryRunSections(report);
  return verifySections(report);
}

function withinLimit(sections: readonly string[]): readonly string[] {
  let size = 0;
  const fitting = sections.filter((section) => (size += section.length) <= LONGEST);
  const left = sections.length - fitting.length;
  return left > 0 ? [...fitting, `and ${left} more, see the output \`results-path\``] : fitting;
}

function signSections(
  { bundles, failures, tagging }: SignReport,
  commands: readonly string[],
): readonly string[] {
  const { shown, others } = shownBundles(bundles);
  return [
    '## Signed images',
    ...shown.map(({ signed, verified, stored }) =>
      table(
        ['', nameOfSigned(signed)],
        [
          imageRow(signed.subjects),
          ...signerRows(verified),
          [
            'stored',
            stored
              .map(({ place, attestation }) =>
                attestation ? `[${forMarkdown(place)}](${attestation.url})` : code(place),
              )
              .join('<br>') || 'not confirmed anywhere',
          ],
        ],
      ),
    ),
    ...(others === '' ? [] : [others]),
    ...tagSection(tagging),
    ...[...failures, ...tagging.failures].map(
      ({ message, remedy }) => `> ❌ ${forMarkdown(message)}  \n> To fix: ${forMarkdown(remedy)}`,
    ),
    ...(commands.length > 0 ? ['Verify with:', `\`\`\`sh\n${commands.join('\n')}\n\`\`\``] : []),
  ];
}

function dryRunSections(report: DryRunReport): readonly string[] {
  const rows = rowsOf(report).filter(([, values]) => values.length > 0);
  return [
    '## Images not signed',
    DRY_RUN,
    table(
      ['', 'dry run'],
      rows.map(([what, values]) => [what, values.map(code).join('<br>')]),
    ),
  ];
}

function imageRow(subjects: NonEmpty<Subject>): readonly [string, string] {
  const { images, others } = signedSubjects(subjects);
  return ['image', [...images.map(code), others].filter((line) => line !== '').join('<br>')];
}

function tagSection({ tagged }: Tagging): readonly string[] {
  const rows = tagged.map((each) => [
    code(formatTag(each)),
    code(each.before ?? 'new'),
    code(each.subject.digest),
  ]);
  return rows.length > 0 ? [table(['tag', 'before', 'now'], rows)] : [];
}
