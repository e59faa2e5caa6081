// `npm run faults -- [short] [sign|verify] [name of a case]`: every fault at every request of a step: what the step says, and what a second run makes of it.
import '../runner/scratch.ts';
import { gateCases } from './faults/gate-cases.ts';
import { openGateLane } from './faults/gate-lane.ts';
import { allFaults, commonFaults } from './faults/kinds.ts';
import { type Extent, type Lane, matrixOf } from './faults/matrix.ts';
import { openSignLane } from './faults/sign-lane.ts';
import { killCases } from './kills/cases.ts';
import { openStage } from './kills/stage.ts';

const HASTE = { NODE_OPTIONS: `--import ${new URL('faults/haste.ts', import.meta.url).href}` };

const chosen = process.argv.slice(2);
const isShort = chosen.includes('short');
const extent: Extent = isShort
  ? { faults: commonFaults, durations: ['once'], lanes: 4 }
  : { faults: allFaults, durations: ['once', 'for ever', 'from then on'], lanes: 6 };

await fill('verify', gateCases, ['referrers API', 'GitHub'], async (each) =>
  openGateLane(each, await openStage(each.image, HASTE)),
);
await fill('sign', killCases, ['an image'], async (each) =>
  openSignLane(
    await openStage({ ...each, inputs: { 'retry-timeout': '1m', ...each.inputs } }, HASTE),
  ),
);

/** The tables of one mode. */
async function fill<T extends { readonly name: string }>(
  mode: 'sign' | 'verify',
  cases: readonly T[],
  common: readonly string[],
  open: (each: T) => Promise<Lane>,
): Promise<void> {
  const other = mode === 'sign' ? 'verify' : 'sign';
  if (chosen.includes(other)) return;
  const wanted = isShort ? common : chosen.filter((word) => word !== mode);
  for (const each of cases) {
    if (wanted.length > 0 && !wanted.includes(each.name)) continue;
    const { text, defects } = await matrixOf(`${mode}, ${each.name}`, () => open(each), extent);
    console.log(`\n${text}`);
    for (const defect of defects) console.log(`\n${defect}`);
    if (defects.length > 0) process.exitCode = 1;
  }
}
