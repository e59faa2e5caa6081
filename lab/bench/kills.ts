// `npm run kills -- [short | name of a case]`: stops signing steps and gates with each signal at each of their requests, runs them again, and counts what readers then find.
import '../runner/scratch.ts';
import { type KillCase, killCases } from './kills/cases.ts';
import { killAt, type Moment, pointsOf } from './kills/kill.ts';
import { openStage } from './kills/stage.ts';
import {
  type Defect,
  gating,
  type OpenStep,
  type Signal,
  SIGNALS,
  signing,
} from './kills/steps.ts';
import { table } from './table.ts';

interface Stopped {
  readonly mode: 'sign' | 'verify';
  readonly signal: Signal;
  /** Method, path and moment, with what is wrong afterwards. */
  readonly points: readonly { readonly at: string; readonly defect: Defect | undefined }[];
}

const KINDS = ['SILENT', 'LOSES', 'DOUBLES'] as const;
const [chosen = ''] = process.argv.slice(2);
const isShort = chosen === 'short';
const moments: readonly Moment[] = isShort ? ['after'] : ['before', 'after'];
const wanted = isShort ? 'an image' : chosen;
const rows = [['the step', 'stopped by', 'at points', ...KINDS]];
for (const each of killCases.filter(({ name }) => wanted === '' || name === wanted)) {
  const all = await Promise.all(SIGNALS.map((signal) => stopEverywhere(each, signal)));
  for (const { mode, signal, points } of all.flat()) {
    const name = `${mode}, ${each.name}`;
    const counts = KINDS.map((kind) => points.filter(({ defect }) => defect?.kind === kind).length);
    rows.push([name, signal, ...[points.length, ...counts].map(String)]);
    for (const { at, defect } of points) {
      if (!defect) continue;
      console.log(`${name}, ${signal} ${at}: ${defect.kind}: ${defect.detail}`);
      process.exitCode = 1;
    }
  }
}
console.log(`\n${table(rows)}`);

async function stopEverywhere(each: KillCase, signal: Signal): Promise<readonly Stopped[]> {
  const stage = await openStage(each);
  const stop = async (mode: Stopped['mode'], openStep: OpenStep): Promise<Stopped> => {
    const { run } = await openStep();
    const points: Stopped['points'][number][] = [];
    for (const point of await pointsOf(stage.services, moments, run)) {
      const step = await openStep();
      const { last, result } = await killAt(stage.services, point, { run: step.run, signal });
      // The step may have come to its end without this request.
      if (last === undefined) continue;
      const at = `${point.moment} ${point.service} ${last}`;
      points.push({ at, defect: await step.defectAfter(result, signal) });
    }
    return { mode, signal, points };
  };
  try {
    return [
      await stop('sign', await signing(stage)),
      await stop('verify', await gating(stage, each)),
    ];
  } finally {
    await stage.stop();
  }
}
