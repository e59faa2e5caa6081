// `npm run kills -- [name of a case]`: kills a step at each of its requests, runs it again, and counts what readers find then.
import { type KillCase, killCases } from './kills/cases.ts';
import { killAt, type Moment, type Point, pointsOf } from './kills/kill.ts';
import { type KillStage, openStage } from './kills/stage.ts';
import { table } from './table.ts';

interface Outcome {
  /** The service and the request, or undefined if the step ended without it. */
  readonly at: string | undefined;
  /** The problems after the step has run again. */
  readonly problem?: 'refused' | 'doubled';
  readonly detail: string;
}

const MOMENTS: readonly Moment[] = ['before', 'after'];
const [chosen = ''] = process.argv.slice(2);
const rows: string[][] = [['the step', 'killed at', 'fails again', 'listed twice']];
for (const each of killCases.filter(({ name }) => chosen === '' || name === chosen)) {
  const outcomes = await killEverywhere(each);
  const problems = outcomes.filter(({ problem }) => problem !== undefined);
  console.log(`${each.name}: ${outcomes.length} points`);
  for (const { at, problem, detail } of problems)
    console.log(`${each.name}: ${problem ?? ''} ${at ?? ''}: ${detail}`);
  const count = (problem: Outcome['problem']): string =>
    String(outcomes.filter((outcome) => outcome.problem === problem).length);
  const reached = outcomes.filter(({ at }) => at !== undefined).length;
  rows.push([each.name, String(reached), count('refused'), count('doubled')]);
  if (problems.length > 0) process.exitCode = 1;
}
console.log(`\n${table(rows)}`);

async function killEverywhere(each: KillCase): Promise<readonly Outcome[]> {
  const stage = await openStage(each);
  try {
    const first = await stage.push('undisturbed');
    const points = await pointsOf(stage.services, MOMENTS, () => stage.sign(first));
    const expected = await stage.listed(first);
    const outcomes: Outcome[] = [];
    for (const point of points) outcomes.push(await outcomeAt(point, stage, expected));
    return outcomes;
  } finally {
    await stage.stop();
  }
}

async function outcomeAt(point: Point, stage: KillStage, expected: string): Promise<Outcome> {
  const service = stage.services[point.service];
  if (!service) throw new Error(`There is no ${point.service}`);
  const image = await stage.push(Object.values(point).join(' '));
  const last = await killAt(service, point, (kill) => stage.sign(image, kill));
  const at = last === undefined ? undefined : `${point.moment} ${point.service} ${last}`;
  const { exit, outputs, log } = await stage.sign(image);
  const isSigned = exit === 0 && outputs['signed'] === 'true';
  if (!isSigned || !(await stage.accepts(image))) return { at, problem: 'refused', detail: log };
  const listed = await stage.listed(image);
  return listed === expected
    ? { at, detail: '' }
    : { at, problem: 'doubled', detail: `${listed} instead of ${expected}` };
}
