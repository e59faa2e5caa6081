// The job summary, as GitHub-flavoured Markdown.
import type { LogEntry, VerifiedBundle } from '../model/bundle.ts';
import type { DryRunReport, Report, SignReport, Tagging } from '../model/report.ts';
import { isKeyHolder, type Signer } from '../model/identity.ts';
import type { NonEmpty } from '../model/non-empty.ts';
import { formatPlace } from '../model/place.ts';
import type { Skip } from '../model/skip.ts';
import { formatSubject, type Subject } from '../model/subject.ts';
import { formatTag } from '../model/tag.ts';
import type { Finding, ImageVerdict } from '../model/verdict.ts';
import { DRY_RUN, rowsOf } from './dry-run.ts';
import { nameOfSigned, shownBundles } from './signed-bundles.ts';
import { AUDIT, failureOf, nearestFirst, signedBy } from './explain.ts';
import { signedSubjects } from './signed-subjects.ts';
import { forMarkdown } from './untrusted.ts';

const MARKS = { accepted: '✅', rejected: '❌', unattested: '❌', inconclusive: '⚠️' } as const;

/** Characters: the runner drops a summary of over 1 MiB. */
const LONGEST = 500_000;
/** Rows about candidates of one image; anyone with push access can cause hundreds. */
const ROWS = 20;

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
  return [
    report.onFailure === 'warn' ? '## Image verification (audit only)' : '## Image verification',
    ...(report.onFailure === 'warn' ? [`> ⚠️ ${AUDIT}`] : []),
    ...report.insecure.map((check) => `> ⚠️ ${forMarkdown(check)}`),
    ...overview(report.images),
    ...report.images.map((image) => verdictSection(image).join('\n\n')),
  ];
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

function overview(images: readonly ImageVerdict[]): readonly string[] {
  if (images.length < 2) return [];
  const rows = images.map(({ reference, part, verdict: { outcome } }) => [
    code(reference) + (part === undefined ? '' : ` ${forMarkdown(part)}`),
    `${MARKS[outcome]} ${outcome}`,
  ]);
  return [table(['image', 'verdict'], rows)];
}

function verdictSection(image: ImageVerdict): readonly string[] {
  const { reference, places, part, subject, verdict } = image;
  const title = `### ${MARKS[verdict.outcome]} ${verdict.outcome}: ${code(reference)}${part === undefined ? '' : ` ${forMarkdown(part)}`}`;
  const digest = subject ? [code(formatSubject(subject))] : [];
  const named =
    places.length > 0 ? [`named in ${places.map(formatPlace).map(code).join(', ')}`] : [];
  const looked = verdict.looked.map(({ place, answer }) => [
    forMarkdown(place),
    forMarkdown(answer),
  ]);
  if (verdict.outcome === 'accepted') {
    return [
      title,
      ...digest,
      ...named,
      ...verdict.evidence.flatMap(({ requirement, acceptances: [{ bundle }, ...others] }) => [
        table(
          ['', forMarkdown(requirement)],
          [...signerRows(bundle), ['found at', code(bundle.found.place)]],
        ),
        ...(others.length > 0
          ? [`and ${others.length} more, see the output \`results-path\``]
          : []),
      ]),
    ];
  }
  const { message, remedy } = failureOf(image);
  const findings = [
    ...nearestFirst(verdict.unacceptable).flatMap(({ bundle: { found, signer }, findings: all }) =>
      [{ rule: 'signer', expected: '', found: signedBy(signer) }, ...all].map((finding) =>
        findingRow(found.place, finding),
      ),
    ),
    ...verdict.rejections.map(({ found, finding }) => findingRow(found.place, finding)),
    ...verdict.ignored.map(({ found, statement }) =>
      findingRow(found.place, {
        rule: 'type',
        expected: 'a required type',
        found: statement.predicateType,
      }),
    ),
  ];
  return [
    title,
    ...digest,
    ...named,
    `${forMarkdown(message)}  \nTo fix: ${forMarkdown(remedy)}`,
    ...(findings.length > 0
      ? [table(['candidate', 'requirement', 'expected', 'found'], findings.slice(0, ROWS))]
      : []),
    ...(findings.length > ROWS
      ? [`and ${findings.length - ROWS} more, see the output \`results-path\``]
      : []),
    ...(looked.length > 0 ? [table(['searched', 'result'], looked)] : []),
  ];
}

function signerRows({
  signer,
  times: [first],
  logEntries,
}: VerifiedBundle): readonly (readonly [string, string])[] {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ...whoRows(signer),
    ['time', first && `${first.time.toISOString()} (${first.source})`],
    ['log entry', logEntries.map(entryLink).join('<br>')],
  ];
  return rows.flatMap(([name, value]) => (value ? [[name, value] as const] : []));
}

function entryLink({ log, index, link }: LogEntry): string {
  return link === undefined || !/^\d+$/.test(index)
    ? forMarkdown(`${index} in ${log}`)
    : `[${index}](${link})`;
}

function whoRows(signer: Signer): readonly (readonly [string, string | undefined])[] {
  if (isKeyHolder(signer)) return [['key', `${code(signer.key)} from ${forMarkdown(signer.from)}`]];
  const { san, issuer, claims } = signer;
  return [
    ['signer', code(san)],
    ['issuer', code(issuer)],
    [
      'source',
      claims.sourceRepositoryUri &&
        `${forMarkdown(claims.sourceRepositoryUri)} ${code(claims.sourceRepositoryRef ?? '')} ${code(claims.sourceRepositoryDigest ?? '')}`,
    ],
    ['run', claims.runInvocationUri && forMarkdown(claims.runInvocationUri)],
    ['event', claims.buildTrigger && forMarkdown(claims.buildTrigger)],
  ];
}

function findingRow(place: string, { rule, expected, found }: Finding): readonly string[] {
  return [code(place), forMarkdown(rule), code(expected), code(found)];
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function code(value: string): string {
  return value === '' ? '' : `<code>${forMarkdown(value)}</code>`;
}
