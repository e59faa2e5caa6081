// Steps that write and meet faults: each says what it has done, and a second run completes what the first did not.
import type { ActionResult } from '../../runner/run-action.ts';
import type { Image, KillStage } from '../kills/stage.ts';
import type { Cell, Lane, Meeting } from './matrix.ts';
import { type Disturb, meetAll } from './meet.ts';
import { requestsTo, type Selection } from './requests.ts';
import { isExplained } from './said.ts';
import { storedIn } from './stored.ts';

type Stage = Pick<KillStage, 'services' | 'listed' | 'accepts'>;

export interface Writing {
  /** A place in which nothing is written yet. */
  place(): Promise<Image>;
  /** Writes to all of them. */
  run(places: readonly Image[]): Promise<ActionResult>;
  /** Whether the step says that it has written everything, or that it has not. */
  says(result: ActionResult): 'done' | 'failed' | undefined;
}

interface Run {
  readonly place: Image;
  readonly said: string;
  readonly result: 'ok' | 'fails';
}

/**
 * `ok`: written in spite of the fault. `fails`: it says what failed and how to fix it, and a second run writes. `SILENT`: it does not say
 * that. `MISSTATES`: it says that more is stored than there is. `LOSES`: written and not accepted, or the second run fails. `DOUBLES`:
 * listed twice.
 */
export async function openWritingLane(
  stage: Stage,
  writing: Writing,
  selection: Selection,
): Promise<Lane> {
  const first = await writing.place();
  const requests = await requestsTo(stage.services, () => undisturbed(writing, first), selection);
  const expected = await stage.listed(first);
  const run = async ({ request }: Meeting, disturb: Disturb): Promise<Cell | Run> => {
    const place = await writing.place();
    const disturbed = await disturb(() => writing.run([place]));
    const said = disturbed.log;
    const isSaid = isExplained(disturbed.annotations, requests, request);
    const says = writing.says(disturbed);
    if (says === 'done') return { place, said, result: 'ok' };
    if (says === undefined || !isSaid) return { result: 'SILENT', said };
    if (storedIn(disturbed) > sum(await stage.listed(place))) return { result: 'MISSTATES', said };
    return { place, said, result: 'fails' };
  };
  const listedOnce = async ({ result, place, said }: Run): Promise<Cell> => {
    const listed = await stage.listed(place);
    if (listed === expected) return { result };
    return { result: 'DOUBLES', said: `${listed} instead of ${expected}\n${said}` };
  };
  /** A second run and a gate for all of them at once, and for each alone where that fails. */
  const completed = async (runs: readonly Run[]): Promise<readonly Cell[]> => {
    if (runs.length === 0) return [];
    const failed = runs.filter(({ result }) => result === 'fails').map(({ place }) => place);
    const again = failed.length === 0 ? undefined : await writing.run(failed);
    const isDone = again === undefined || writing.says(again) === 'done';
    const cells: Cell[] = [];
    if (isDone && (await stage.accepts(runs.map(({ place }) => place)))) {
      for (const each of runs) cells.push(await listedOnce(each));
      return cells;
    }
    const [only, ...others] = runs;
    if (others.length === 0)
      return [{ result: 'LOSES', said: [only?.said, again?.log].join('\n') }];
    for (const each of runs) cells.push(...(await completed([each])));
    return cells;
  };
  return {
    requests,
    async cells(meetings) {
      const outcomes = await meetAll(stage.services, meetings, run);
      const runs = [...new Set(outcomes)].filter((each) => 'place' in each);
      const cells = new Map<object, Cell>();
      for (const [index, cell] of (await completed(runs)).entries())
        cells.set(runs[index] ?? cell, cell);
      return outcomes.map((each) => cells.get(each) ?? each);
    },
  };
}

async function undisturbed(writing: Writing, place: Image): Promise<void> {
  const result = await writing.run([place]);
  if (writing.says(result) !== 'done') throw new Error(`The step fails: ${result.log}`);
}

function sum(listed: string): number {
  return listed.split(',').reduce((total, count) => total + Number(count), 0);
}
