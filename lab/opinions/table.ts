// Other verifiers: every vector with ours and with the other implementations, offline, each with the same input.
import { rm } from 'node:fs/promises';

import type { Toolbox } from '../tools/build.ts';
import { type Check, unavailable } from '../checks/check.ts';
import { type Answered, compare, concerns, described, differs, TABLE, unasked } from './compare.ts';
import { knownDifferences } from './differences.ts';
import { type Inventory, readInventory } from './inventory/index.ts';
import type { Judge, Opinion, Room } from './judge.ts';
import { countersign } from './judges/countersign.ts';
import { peers } from './judges/index.ts';
import type { Question } from './question.ts';
import { furnishRoom } from './room.ts';

/** Our result. */
interface Judged {
  readonly question: Question;
  readonly ours: Opinion;
}

export async function judgeOpinions(toolbox: Toolbox): Promise<readonly Check[]> {
  const started = performance.now();
  const room = await furnishRoom(toolbox);
  try {
    const { questions, withoutOthers } = await readInventory(room.folder);
    const opinions = await countersign.judge(questions, room);
    const judged = pairs(questions, opinions).map(([question, ours]): Judged => ({
      question,
      ours,
    }));
    const checks = [...absent(withoutOthers), ...judged.map(ownCheck)];
    for (const peer of peers) {
      checks.push(
        ...(unavailableCheck(peer, toolbox) ??
          (await judgeBy(
            peer,
            judged,
            room,
            (name) => withoutOthers === undefined || name.startsWith('own/'),
          ))),
      );
    }
    console.log(
      `second opinions on ${questions.length} vectors: ${((performance.now() - started) / 1000).toFixed(1)} s`,
    );
    return checks;
  } catch (error) {
    return [
      {
        table: TABLE,
        row: countersign.name,
        column: 'our own vectors',
        name: 'runs',
        outcome: 'failed',
        detail: String(error),
      },
    ];
  } finally {
    await rm(room.folder, { recursive: true });
  }
}

function absent(withoutOthers: Inventory['withoutOthers']): readonly Check[] {
  if (withoutOthers === undefined) return [];
  return [
    {
      table: TABLE,
      row: countersign.name,
      column: 'vectors of others',
      name: 'are here',
      outcome: process.env['CI'] ? 'failed' : 'skipped',
      detail: withoutOthers,
    },
  ];
}

function unavailableCheck({ name, tool }: Judge, toolbox: Toolbox): readonly Check[] | undefined {
  const outcome = unavailable(tool && toolbox[tool]);
  return (
    outcome && [{ table: TABLE, row: name, column: 'our own vectors', name: 'runs', ...outcome }]
  );
}

function ownCheck({ question: { name, collection, refusal }, ours }: Judged): Check {
  const isAsExpected = refusal ? !ours.accepted && refusal.test(ours.reason) : ours.accepted;
  const outcome = isAsExpected
    ? ({ outcome: 'passed', detail: '' } as const)
    : ({
        outcome: 'failed',
        detail: `we should ${refusal ? `refuse it with ${String(refusal)}` : 'accept it'}: ${ours.reason}`,
      } as const);
  return { table: TABLE, row: countersign.name, column: collection, name, ...outcome };
}

async function judgeBy(
  peer: Judge,
  judged: readonly Judged[],
  room: Room,
  isHere: (name: string) => boolean,
): Promise<readonly Check[]> {
  const impossible = judged.flatMap(({ question }): Check[] => {
    const detail = peer.cannot(question);
    return detail === undefined
      ? []
      : [
          {
            table: TABLE,
            row: peer.name,
            column: question.collection,
            name: question.name,
            outcome: 'impossible',
            detail,
          },
        ];
  });
  const askable = judged.filter(({ question }) => peer.cannot(question) === undefined);
  try {
    const opinions = await peer.judge(
      askable.map(({ question }) => question),
      room,
    );
    const answered = pairs(askable, opinions).map(([each, theirs]): Answered => ({
      ...each,
      theirs,
    }));
    print(peer, answered);
    const asked = answered.map(({ question }) => question.name);
    return [
      ...compare(peer.name, answered, knownDifferences),
      ...impossible,
      ...unasked(peer.name, asked, isHere, knownDifferences),
    ];
  } catch (error) {
    return [
      {
        table: TABLE,
        row: peer.name,
        column: 'our own vectors',
        name: 'runs',
        outcome: 'failed',
        detail: String(error),
      },
    ];
  }
}

function print({ name }: Judge, answered: readonly Answered[]): void {
  const different = answered.filter(differs);
  console.log(
    `${name} answers ${answered.length - different.length} of ${answered.length} vectors as we do`,
  );
  const known = knownDifferences.filter(({ judge }) => judge === name);
  for (const { what, vectors } of known) {
    const first = different.find(({ question }) => concerns({ vectors }, question.name));
    if (first) console.log(`  ${what}: ${vectors.join(', ')} | ${described(first)}`);
  }
  const news = different.filter(
    ({ question }) => !known.some((difference) => concerns(difference, question.name)),
  );
  for (const each of news) console.log(`  NEW: ${each.question.name} | ${described(each)}`);
}

function pairs<First, Second>(
  first: readonly First[],
  second: readonly Second[],
): readonly (readonly [First, Second])[] {
  if (first.length !== second.length)
    throw new RangeError(`${second.length} answers to ${first.length} questions`);
  return first.flatMap((item, index) =>
    second.slice(index, index + 1).map((other) => [item, other] as const),
  );
}
