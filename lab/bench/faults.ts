// `npm run faults -- [short] [full] [sign|verify] [a duration] [name of a case]`: every fault at every request of a step: what the step says, and what a second run makes of it.
import '../runner/scratch.ts';
import { gateCases } from './faults/gate-cases.ts';
import { openGateLane } from './faults/gate-lane.ts';
import { allFaults, commonFaults } from './faults/kinds.ts';
import { defectsOf, type Extent, fillMatrix, type Lane, type Matrix } from './faults/matrix.ts';
import { countsOf, everyCell, outline, overview } from './faults/outline.ts';
import { DURATIONS } from './faults/requests.ts';
import { copyCases, signCases } from './faults/writing-cases.ts';
import { openWritingLane } from './faults/writing-lane.ts';
import { copying, signing } from './faults/writings.ts';
import { stageIn } from './kills/stage.ts';
import { openWorld, type World } from './kills/world.ts';
import { table } from './table.ts';

interface FaultCase {
  readonly mode: 'sign' | 'verify';
  readonly name: string;
  readonly open: (world: World) => Promise<Lane>;
}

const HASTE = { NODE_OPTIONS: `--import ${new URL('faults/haste.ts', import.meta.url).href}` };
const LANES = 5;
const SHORT = ['referrers API', 'GitHub', 'an image'];

const cases: readonly FaultCase[] = [
  ...gateCases.map((each) => ({
    mode: 'verify' as const,
    name: each.name,
    open: async (world: World) => openGateLane(each, await stageIn(world, each.image, HASTE)),
  })),
  ...copyCases.map((each) => ({
    mode: 'verify' as const,
    name: each.name,
    open: async (world: World) => {
      const stage = await stageIn(world, each, HASTE);
      return openWritingLane(stage, await copying(stage), { most: 2 });
    },
  })),
  ...signCases.map(({ inputs, ...each }) => ({
    mode: 'sign' as const,
    name: each.name,
    open: async (world: World) => {
      const timed = { ...each, inputs: { 'retry-timeout': '1m', ...inputs } };
      const stage = await stageIn(world, timed, HASTE);
      return openWritingLane(stage, signing(stage), each.platforms.length > 0 ? { most: 2 } : {});
    },
  })),
];

const words = process.argv.slice(2);
const isShort = words.includes('short');
const durations = DURATIONS.filter((each) => words.includes(each));
const extent: Extent = isShort
  ? { faults: commonFaults, durations: ['once'] }
  : { faults: allFaults, durations: durations.length > 0 ? durations : DURATIONS };
const known: readonly string[] = ['full', 'sign', 'verify', ...DURATIONS];
const names = isShort ? SHORT : words.filter((word) => !known.includes(word));
const modes = words.filter((word) => word === 'sign' || word === 'verify');
const chosen = cases.filter(
  ({ mode, name }) =>
    (names.length === 0 || names.includes(name)) && (modes.length === 0 || modes.includes(mode)),
);

const worlds = await Promise.all(Array.from({ length: LANES }, openWorld));
const matrices: Matrix[] = [];
try {
  for (const { mode, name, open } of chosen) {
    const started = performance.now();
    const matrix = await fillMatrix(
      `${mode}, ${name}`,
      await Promise.all(worlds.map(open)),
      extent,
    );
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(`\n${outline(matrix)}\n\n${seconds} s`);
    if (words.includes('full')) console.log(`\n${everyCell(matrix)}`);
    for (const defect of defectsOf(matrix)) console.log(`\n${defect}`);
    if (defectsOf(matrix).length > 0) process.exitCode = 1;
    matrices.push(matrix);
  }
} finally {
  await Promise.all(worlds.map((world) => world.stop()));
}
console.log(`\n${table(countsOf(matrices))}`);
for (const mode of ['sign', 'verify']) {
  const own = matrices.filter(({ name }) => name.startsWith(`${mode}, `));
  if (own.length > 0) console.log(`\n${overview(mode, own)}`);
}
