// Holds the opinions of one judge against ours: the same, known to differ, or news.
import type { Check } from '../check.ts';
import type { KnownDifference } from './differences.ts';
import type { JudgeName, Opinion } from './judge.ts';
import type { Question } from './question.ts';

export const TABLE = 'Second opinions';

const KNOWN = 'known differences';

export interface Answered {
  readonly question: Question;
  readonly ours: Opinion;
  readonly theirs: Opinion;
}

export function compare(judge: JudgeName, answered: readonly Answered[], differences: readonly KnownDifference[]): readonly Check[] {
  const expected = differences.filter((difference) => difference.judge === judge);
  return answered.map((each): Check => {
    const { question: { name, collection } } = each;
    const known = expected.find(({ vectors }) => vectors.includes(name));
    const place = { table: TABLE, row: judge, column: known ? KNOWN : collection, name };
    const complaint = complaintAbout(each, known);
    return complaint === undefined ? { ...place, outcome: 'passed', detail: '' } : { ...place, outcome: 'failed', detail: complaint };
  });
}

function complaintAbout(answered: Answered, known: KnownDifference | undefined): string | undefined {
  const { theirs } = answered;
  if (!differs(answered)) return known && `it no longer differs from us in "${known.what}"`;
  if (!known) return `it differs from us, and no known difference names it: ${described(answered)}`;
  if (theirs.accepted) return known.refusal && `it does not refuse, as it did in "${known.what}"`;
  return known.refusal?.test(theirs.reason) ? undefined : `it differs from us for another reason than "${known.what}": ${described(answered)}`;
}

export function differs({ ours, theirs }: Answered): boolean {
  return ours.accepted !== theirs.accepted;
}

export function described({ ours, theirs }: Answered): string {
  return theirs.accepted ? `accepts; we refuse: ${ours.reason}` : `refuses: ${theirs.reason}; we accept`;
}

/** A vector that was renamed or taken away, or that the judge cannot be asked about, leaves its name in the list. */
export function unasked(judge: JudgeName, asked: ReadonlySet<string>, isHere: (name: string) => boolean, differences: readonly KnownDifference[]): readonly Check[] {
  const names = differences.filter((difference) => difference.judge === judge).flatMap(({ vectors }) => vectors);
  return names.filter((name) => isHere(name) && !asked.has(name)).map((name): Check => (
    { table: TABLE, row: judge, column: KNOWN, name, outcome: 'failed', detail: 'a known difference names it, and it was not asked about' }
  ));
}
