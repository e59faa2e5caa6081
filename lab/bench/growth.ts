// `npm run growth -- [short | size | rate]`: steps with many images, gates with many candidates, and a registry that takes 20 requests per second. Fails where a step takes longer than that rate allows, or too much memory.
import '../runner/scratch.ts';
import { makeBundle } from '../bundles/signing.ts';
import { statementAbout } from '../bundles/statement.ts';
import { toBytes } from '../bundles/bundle-json.ts';
import { openGate } from './gate.ts';
import { openStage, type Stage, type Step } from './step-stage.ts';
import { table } from './table.ts';

const RATE = 20;
/** How much longer than the rate demands a step may take. */
const ALLOWANCE = 1.3;
/** Bytes that a step may take. */
const MEMORY = 200e6;
const MODES = ['sign', 'verify'] as const;
const LISTS = [
  ['Referrers API', { referrers: 'api' }],
  ['fallback tag', { referrers: 'none' }],
] as const;

const failures: string[] = [];
const chosen = process.argv[2] ?? '';
/** Images at the registry with the rate limit. */
const MANY = chosen === 'short' ? 30 : 100;
if (chosen !== 'rate') {
  console.log(`${table(await growthOfImages())}\n`);
  console.log(`${table(await growthOfCandidates())}\n`);
}
if (chosen !== 'size') console.log(`${table(await rateLimits())}\n`);
for (const failure of failures) console.log(failure);
process.exitCode = failures.length > 0 ? 1 : 0;

async function growthOfImages(): Promise<readonly (readonly string[])[]> {
  const stage = await openStage();
  try {
    const rows = [['images', 'requests', 'of them to the registry', 'wall', 'memory']];
    for (const [name, settings] of LISTS) {
      await stage.set(settings);
      for (const count of [1, 10, 100]) {
        const images = await stage.push(count);
        for (const mode of MODES) {
          const step = await stage.run(mode, images);
          rows.push([`${mode} ${count}, ${name}`, ...cellsOf(step)]);
          if (step.memory > MEMORY) failures.push(`${mode} ${count} took too much memory`);
        }
      }
    }
    return rows;
  } finally {
    await stage.close();
  }
}

function cellsOf({ answered, others, wall, memory }: Step): readonly string[] {
  return [String(answered + others), String(answered), seconds(wall), megabytes(memory)];
}

async function growthOfCandidates(): Promise<readonly (readonly string[])[]> {
  const gate = await openGate();
  try {
    const rows = [['signatures of one image', 'verdict', 'wall', 'memory']];
    for (const count of [1, 20, 500]) {
      const image = await gate.push(`${count} signatures`);
      const bundle = await makeBundle(gate.instance, { payload: statementAbout(image.digest) });
      await gate.attach(image, [toBytes(bundle)], count);
      const { verdict, wall, most } = await gate.judge(image, {});
      rows.push([String(count), verdict, seconds(wall), megabytes(most)]);
      if (verdict !== 'accepted') failures.push(`the gate did not accept ${count} signatures`);
    }
    return rows;
  } finally {
    await gate.close();
  }
}

async function rateLimits(): Promise<readonly (readonly string[])[]> {
  const stage = await openStage();
  try {
    const rows = [
      [
        `${MANY} images at ${RATE} requests per second`,
        'answered',
        'refused',
        'wall',
        'of the least',
      ],
    ];
    for (const retryAfter of ['given', 'missing'] as const) {
      await stage.set({ requestsPerSecond: 0 });
      const images = await stage.push(MANY);
      await stage.set({ requestsPerSecond: RATE, retryAfter });
      for (const mode of MODES) rows.push(await limitedRow(stage, mode, images, retryAfter));
    }
    return rows;
  } finally {
    await stage.close();
  }
}

async function limitedRow(
  stage: Stage,
  mode: (typeof MODES)[number],
  images: string,
  retryAfter: string,
): Promise<string[]> {
  const { answered, refused, wall } = await stage.run(mode, images);
  // A full bucket answers the requests of one second at once.
  const least = ((answered - RATE) / RATE) * 1000;
  const ratio = wall / least;
  const name = `${mode}, Retry-After ${retryAfter}`;
  if (ratio > ALLOWANCE) failures.push(`${name} took ${ratio.toFixed(2)} of the least time`);
  return [name, String(answered), String(refused), seconds(wall), ratio.toFixed(2)];
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
