// One image in the summary of a gate: its evidence, or its rejected candidates.
import { formatPlace } from '../model/place.ts';
import type { Copying } from '../model/report.ts';
import { formatSubject } from '../model/subject.ts';
import type { Evidence, ImageVerdict, Verdict } from '../model/verdict.ts';
import { type Candidate, candidatesIn, linesFor, signedBy } from './candidates.ts';
import { copiesOf } from './copies.ts';
import { failureOf, inShort, notesOn } from './explain.ts';
import { andMore, fitting, folded } from './fold.ts';
import { code, table } from './markdown.ts';
import { signerRows } from './signer-rows.ts';
import { forMarkdown } from './untrusted.ts';

const MARKS = { accepted: '✅', rejected: '❌', unattested: '❌', inconclusive: '⚠️' } as const;

/** Candidates of one image; anyone with push access can add hundreds, with texts of any length. */
const SHOWN = 20;
/** Bytes. */
const LARGEST = 50_000;

export function verdictSection(
  image: ImageVerdict,
  copying: Copying | undefined,
): readonly string[] {
  const { places, subject, verdict } = image;
  return [
    `### ${marked(verdict)}: ${titleOf(image)}`,
    ...(subject ? [code(formatSubject(subject))] : []),
    ...(places.length > 0 ? [`named in ${places.map(formatPlace).map(code).join(', ')}`] : []),
    ...notesOn(verdict).map((note) => `> ⚠️ ${forMarkdown(note)}`),
    ...(verdict.outcome === 'accepted'
      ? verdict.evidence.flatMap((evidence) => evidenceSection(evidence, copying))
      : refusalSection(image)),
  ];
}

export function marked(verdict: Verdict): string {
  const isException = verdict.outcome === 'accepted' && notesOn(verdict).length > 0;
  return `${isException ? '⚠️' : MARKS[verdict.outcome]} ${inShort(verdict)}`;
}

export function titleOf({ reference, part }: ImageVerdict): string {
  return code(reference) + (part === undefined ? '' : ` ${forMarkdown(part)}`);
}

function evidenceSection(
  { requirement, acceptances: [{ bundle }, ...others] }: Evidence,
  copying: Copying | undefined,
): readonly string[] {
  const copies = copiesOf(bundle, copying)?.map(({ place }) => code(place));
  const rows = [
    ...signerRows(bundle),
    ['found at', code(bundle.found.place)],
    ...(copies ? [['copied to', copies.join('<br>') || 'nowhere']] : []),
  ];
  return [table(['', forMarkdown(requirement)], rows), ...andMore(others.length)];
}

/** The closest candidate in full; the others are folded. */
function refusalSection(image: ImageVerdict): readonly string[] {
  const { message, remedy } = failureOf(image);
  const [nearest, ...others] = candidatesIn(image.verdict);
  const looked = image.verdict.looked.map((each) => [
    forMarkdown(each.place),
    forMarkdown(each.answer),
  ]);
  return [
    `${forMarkdown(message)}  \nTo fix: ${forMarkdown(remedy)}`,
    ...(nearest ? nearestSection(nearest) : []),
    ...(others.length > 0 ? [othersSection(others)] : []),
    ...(looked.length > 0 ? [table(['searched', 'result'], looked)] : []),
  ];
}

function nearestSection(candidate: Candidate): readonly string[] {
  const { place, type, signer, findings } = candidate;
  const lines = linesFor(candidate);
  const rows = findings.map(({ rule, expected, found }) => [
    forMarkdown(rule),
    code(expected),
    code(found),
  ]);
  return [
    `Nearest candidate: ${forMarkdown(type)} ${code(place)}${signer ? `, signed ${code(signedBy(signer))}` : ''}${alikeIn(candidate)}`,
    table(['requirement', 'expected', 'found'], rows),
    ...(lines.length > 0
      ? [`To accept this signer instead of others:  \n${lines.map(code).join('  \n')}`]
      : []),
  ];
}

function othersSection(others: readonly Candidate[]): string {
  const shown = fitting(others.slice(0, SHOWN).map(rowsAbout), LARGEST, (rows) => rows.join());
  return folded(`Other candidates: ${others.length}`, [
    table(['candidate', 'requirement', 'expected', 'found'], shown.flat()),
    ...andMore(others.length - shown.length),
  ]);
}

function rowsAbout(candidate: Candidate): readonly (readonly string[])[] {
  const { place, signer, findings } = candidate;
  const who = signer ? [['signer', '', code(signedBy(signer))]] : [];
  const broken = findings.map(({ rule, expected, found }) => [
    forMarkdown(rule),
    code(expected),
    code(found),
  ]);
  return [...who, ...broken].map((cells, index) => [
    index === 0 ? code(place) + alikeIn(candidate) : '',
    ...cells,
  ]);
}

function alikeIn({ alike }: Candidate): string {
  return alike > 0 ? ` and ${alike} more like it` : '';
}
