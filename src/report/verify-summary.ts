// The summary of a gate: each image with its evidence or its rejected candidates; of many images, first what failed.
import { formatPlace } from '../model/place.ts';
import type { Copying, VerifyReport } from '../model/report.ts';
import type { ImageVerdict } from '../model/verdict.ts';
import { type BundleRow, bySigner } from './by-signer.ts';
import { copiesOf, withheld } from './copies.ts';
import { AUDIT } from './explain.ts';
import { andMore, fitting, folded, within } from './fold.ts';
import { areManyImages, countVerdicts, sortImages } from './judged-images.ts';
import { code, table } from './markdown.ts';
import { forMarkdown } from './untrusted.ts';
import { marked, titleOf, verdictSection } from './verdict-section.ts';

/** Bytes of what failed, in full, and in the table before it. */
const LARGEST = { sections: 250_000, table: 60_000 } as const;

export function verifySections(report: VerifyReport): readonly string[] {
  const isAudit = report.onFailure === 'warn';
  return [
    `## Image verification${isAudit ? ' (audit only)' : ''}`,
    ...(isAudit ? [`> ⚠️ ${AUDIT}`] : []),
    ...report.insecure.map((check) => `> ⚠️ ${forMarkdown(check)}`),
    ...(areManyImages(report.images) ? manyImages(report) : fewImages(report)),
  ];
}

function fewImages({ images, copying }: VerifyReport): readonly string[] {
  return [
    ...overview(images),
    ...copySection(copying),
    ...images.map((image) => verdictSection(image, copying).join('\n\n')),
  ];
}

function overview(images: readonly ImageVerdict[]): readonly string[] {
  if (images.length < 2) return [];
  const accepted = images.filter(({ verdict }) => verdict.outcome === 'accepted').length;
  return [`${accepted} of ${images.length} accepted`, verdictTable(images)];
}

function verdictTable(images: readonly ImageVerdict[]): string {
  const rows = images.map((image) => [titleOf(image), marked(image.verdict)]);
  return table(['image', 'verdict'], rows);
}

/** Nothing that failed is folded, and what is accepted by evidence alone is. */
function manyImages({ images, copying }: VerifyReport): readonly string[] {
  const { failed, exceptions, accepted } = sortImages(images);
  const open = [...failed, ...exceptions];
  const listed = fitting(open, LARGEST.table, (image) => verdictTable([image]));
  return [
    countVerdicts(images),
    ...copySection(copying),
    ...(open.length > 1 ? [verdictTable(listed), ...andMore(open.length - listed.length)] : []),
    ...within(
      open.map((image) => verdictSection(image, copying).join('\n\n')),
      LARGEST.sections,
    ),
    ...(accepted.length > 0 ? [acceptedSection(accepted, copying)] : []),
  ];
}

function acceptedSection(images: readonly ImageVerdict[], copying: Copying | undefined): string {
  const isCopied = copying?.kind === 'done';
  return folded(
    `✅ accepted: ${images.length}`,
    bySigner(
      images.flatMap((image) => evidenceRows(image, copying)),
      ['found at', ...(isCopied ? ['copied to'] : [])],
    ),
  );
}

function evidenceRows(image: ImageVerdict, copying: Copying | undefined): readonly BundleRow[] {
  const { verdict } = image;
  if (verdict.outcome !== 'accepted') return [];
  return verdict.evidence.map(({ requirement, acceptances: [{ bundle }, ...others] }) => {
    const found = [code(bundle.found.place), ...andMore(others.length)].join('<br>');
    const copies = copiesOf(bundle, copying)?.map(({ place }) => code(place));
    return {
      image: namesOf(image).join('<br>'),
      title: forMarkdown(requirement),
      bundle,
      cells: [found, ...(copies ? [copies.join('<br>') || 'nowhere'] : [])],
    };
  });
}

/** As the user names it, with its digest, and where a file names it. */
function namesOf(image: ImageVerdict): readonly string[] {
  const { reference, subject, places } = image;
  const isPinned = !subject || reference.includes(subject.digest);
  return [
    titleOf(image),
    ...(isPinned ? [] : [code(subject.digest)]),
    ...places.map(formatPlace).map(code),
  ];
}

/** What was not copied. */
function copySection(copying: Copying | undefined): readonly string[] {
  if (!copying) return [];
  if (copying.kind === 'withheld') return [`> ⚠️ ${forMarkdown(withheld(copying))}`];
  return copying.failures.map(
    ({ message, remedy }) => `> ❌ ${forMarkdown(message)}  \n> To fix: ${forMarkdown(remedy)}`,
  );
}
