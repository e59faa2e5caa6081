// The summary of a signing step: each signature and attestation; of many images, first what failed.
import type { NonEmpty } from '../model/non-empty.ts';
import type { ReportedBundle, SignReport, Tagging } from '../model/report.ts';
import type { Subject } from '../model/subject.ts';
import { formatTag } from '../model/tag.ts';
import { type BundleRow, bySigner } from './by-signer.ts';
import { fitting, andMore, folded, within } from './fold.ts';
import { code, table } from './markdown.ts';
import { nameOfSigned, shownBundles } from './signed-bundles.ts';
import { areManySigned, countSigned } from './signed-images.ts';
import { signedSubjects } from './signed-subjects.ts';
import { signerRows } from './signer-rows.ts';
import { forMarkdown } from './untrusted.ts';

/** Bytes of each list. */
const LARGEST = 100_000;

export function signSections(report: SignReport, commands: readonly string[]): readonly string[] {
  return [
    '## Signed images',
    ...(areManySigned(report) ? manyImages : fewImages)(report, commands),
  ];
}

function fewImages(
  { bundles, failures, tagging }: SignReport,
  commands: readonly string[],
): readonly string[] {
  const { shown, others } = shownBundles(bundles);
  return [
    ...shown.map(({ signed, verified, stored }) =>
      table(
        ['', nameOfSigned(signed)],
        [
          ['image', imagesIn(signed.subjects)],
          ...signerRows(verified),
          ['stored', placesIn(stored)],
        ],
      ),
    ),
    ...(others === '' ? [] : [others]),
    ...(tagging.tagged.length > 0 ? [tagTable(tagging.tagged)] : []),
    ...[...failures, ...tagging.failures].map(failureSection),
    ...(commands.length > 0 ? ['Verify with:', commandLines(commands)] : []),
  ];
}

/** Nothing that failed is folded. */
function manyImages(report: SignReport, commands: readonly string[]): readonly string[] {
  const {
    bundles,
    failures,
    tagging: { tagged, failures: untagged },
  } = report;
  const { shown, others } = shownBundles(bundles);
  const tags = fitting(tagged, LARGEST, (tag) => tagTable([tag]));
  const lines = fitting(commands, LARGEST, (command) => command);
  return [
    countSigned(report),
    ...within([...failures, ...untagged].map(failureSection), LARGEST),
    folded(`Signatures and attestations: ${bundles.length}`, [
      ...bySigner(shown.map(bundleRow), ['stored']),
      ...(others === '' ? [] : [others]),
    ]),
    ...(tags.length > 0
      ? [
          folded(`Tags: ${tagged.length}`, [
            tagTable(tags),
            ...andMore(tagged.length - tags.length),
          ]),
        ]
      : []),
    ...(lines.length > 0
      ? [
          folded(`Commands that verify them: ${commands.length}`, [
            commandLines(lines),
            ...andMore(commands.length - lines.length, 'see the output `verify-commands`'),
          ]),
        ]
      : []),
  ];
}

function bundleRow({ signed, verified, stored }: ReportedBundle): BundleRow {
  return {
    image: imagesIn(signed.subjects),
    title: nameOfSigned(signed),
    bundle: verified,
    cells: [placesIn(stored)],
  };
}

function imagesIn(subjects: NonEmpty<Subject>): string {
  const { images, others } = signedSubjects(subjects);
  return [...images.map(code), others].filter((line) => line !== '').join('<br>');
}

function placesIn(stored: ReportedBundle['stored']): string {
  const places = stored.map(({ place, attestation }) =>
    attestation ? `[${forMarkdown(place)}](${attestation.url})` : code(place),
  );
  return places.join('<br>') || 'not confirmed anywhere';
}

function tagTable(tagged: Tagging['tagged']): string {
  const rows = tagged.map((each) => [
    code(formatTag(each)),
    code(each.before ?? 'new'),
    code(each.subject.digest),
  ]);
  return table(['tag', 'before', 'now'], rows);
}

function failureSection({ message, remedy }: Tagging['failures'][number]): string {
  return `> ❌ ${forMarkdown(message)}  \n> To fix: ${forMarkdown(remedy)}`;
}

function commandLines(commands: readonly string[]): string {
  return `\`\`\`sh\n${commands.join('\n')}\n\`\`\``;
}
