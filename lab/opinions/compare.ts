// Compares the results of one verifier with ours: equal, a known difference, or a new one.
import type { Check } from '../checks/check.ts';
import type { KnownDifference } from './differences/difference.ts';
import type { JudgeName, Opinion } from './judge.ts';
import type { Question } from './question.ts';

export const TABLE = 'Second opinions';

const KNOWN = 'known differences';

export interface Answered {
  readonly question: Question;
  readonly ours: Opinion;
  readonly theirs: Opinion;
}

export function compare(
  judge: JudgeName,
  answered: readonly Answered[],
  differences: readonly KnownDifference[],
): readonly Check[] {
  const expected = differences.filter((difference) => difference.judge === judge);
  return answered.map((each): Check => {
    const {
      question: { name, collection },
    } = each;
    const known = expected.find((difference) => concerns(difference, name));
    const hidden = known ? undefined : expected.find((difference) => hides(difference, each));
    const place = { table: TABLE, row: judge, column: known ? KNOWN : collection, name };
    if (hidden)
      return {
        ...place,
        outcome: 'impossible',
        detail: `it reads nothing of the kind: ${hidden.what}`,
      };
    const complaint = complaintAbout(each, known);
    return complaint === undefined
      ? { ...place, outcome: 'passed', detail: '' }
      : { ...place, outcome: 'failed', detail: complaint };
  });
}

function hides({ unread, refusal }: KnownDifference, { ours, theirs }: Answered): boolean {
  return (
    unread === true && !ours.accepted && !theirs.accepted && refusal?.test(theirs.reason) === true
  );
}

function complaintAbout(
  answered: Answered,
  known: KnownDifference | undefined,
): string | undefined {
  const { theirs } = answered;
  if (!differs(answered))
    return known && !known.varies ? `it no longer differs from us in "${known.what}"` : undefined;
  if (!known) return `it differs from us, and no known difference names it: ${described(answered)}`;
  if (theirs.accepted) return known.refusal && `it does not refuse, as it did in "${known.what}"`;
  return known.refusal?.test(theirs.reason)
    ? undefined
    : `it differs from us for another reason than "${known.what}": ${described(answered)}`;
}

export function differs({ ours, theirs }: Answered): boolean {
  return ours.accepted !== theirs.accepted;
}

export function described({ ours, theirs }: Answered): string {
  return theirs.accepted
    ? `it accepts, we refuse: ${ours.reason}`
    : `it refuses, we accept: ${theirs.reason}`;
}

export function concerns({ vectors }: Pick<KnownDifference, 'vectors'>, name: string): boolean {
  return vectors.some((vector) =>
    vector.endsWith('*') ? name.startsWith(vector.slice(0, -1)) : name === vector,
  );
}

/** A renamed or removed vector, or one that the verifier does not support, leaves its name in the list. */
export function unasked(
  judge: JudgeName,
  asked: readonly string[],
  isHere: (name: string) => boolean,
  differences: readonly KnownDifference[],
): readonly Check[] {
  const vectors = differences
    .filter((difference) => difference.judge === judge)
    .flatMap((difference) => difference.vectors);
  return vectors
    .filter(
      (vector) => isHere(vector) && !asked.some((name) => concerns({ vectors: [vector] }, name)),
    )
    .map((name): Check => ({
      table: TABLE,
      row: judge,
      column: KNOWN,
      name,
      outcome: 'failed',
      detail: 'a known difference names it, and it was not asked about',
    }));
}
