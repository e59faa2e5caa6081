// `npm run faults -- [short | name of a case]`: every fault at every request of a signing step, once and from there on; the message of the step, and the result of a second run.
import { allFaults, commonFaults, type FaultKind } from './faults/kinds.ts';
import { type KillCase, killCases } from './kills/cases.ts';
import { pointsOf } from './kills/kill.ts';
import { type KillStage, openStage } from './kills/stage.ts';
import { table } from './table.ts';

/** `ok`: signed in spite of it. `fails`: it reports why, and a second run completes it. The others are defects. */
type Cell = 'ok' | 'fails' | 'SILENT' | 'LOSES' | 'DOUBLES';

interface Request {
  readonly service: string;
  /** Counted from 1. */
  readonly number: number;
  /** Method and path, without parts that differ between images. */
  readonly name: string;
}

const CASES = ['an image', 'an image, fallback tag', 'both stores, provenance'];
const [chosen = ''] = process.argv.slice(2);
const isShort = chosen === 'short';
const names = isShort ? ['an image'] : CASES.filter((name) => chosen === '' || name === chosen);
const cases = killCases.filter(({ name }) => names.includes(name));
const faults = isShort ? commonFaults : allFaults;
const durations: readonly ('once' | 'for ever')[] = isShort ? ['once'] : ['once', 'for ever'];
let images = 0;

for (const each of cases) {
  const stage = await openStage(withBudget(each));
  try {
    for (const duration of durations) console.log(await matrixOf(each.name, stage, duration));
  } finally {
    await stage.stop();
  }
}

/** Long enough for a transient fault, and short enough for a permanent one. */
function withBudget(each: KillCase): KillCase {
  return { ...each, inputs: { 'retry-timeout': '5s', ...each.inputs } };
}

async function matrixOf(
  name: string,
  stage: KillStage,
  duration: 'once' | 'for ever',
): Promise<string> {
  const { requests, expected } = await undisturbed(stage);
  const rows: string[][] = [];
  for (const request of requests) {
    const cells: Cell[] = [];
    for (const fault of faults) cells.push(await cellOf(stage, request, fault, duration, expected));
    rows.push([`${request.service} ${request.name}`, ...cells]);
    if (cells.some((cell) => cell !== 'ok' && cell !== 'fails')) process.exitCode = 1;
  }
  const header = [`${name}, ${duration}`, ...faults.map((fault) => fault.name)];
  return `\n${table([header, ...rows])}`;
}

async function undisturbed(
  stage: KillStage,
): Promise<{ readonly requests: readonly Request[]; readonly expected: string }> {
  const image = await push(stage);
  const points = await pointsOf(stage.services, ['before'], () => stage.sign(image));
  const requests: Request[] = [];
  for (const { service, number } of points) {
    const seen = await stage.services[service]?.requests();
    const { method = '', path = '' } = seen?.[number - 1] ?? {};
    // The certificate authority fetches the keys of the token's issuer.
    if (path.endsWith('/jwks')) continue;
    requests.push({ service, number, name: `${method} ${operationIn(path)}` });
  }
  return { requests, expected: await stage.listed(image) };
}

function operationIn(path: string): string {
  return path
    .replace(/\?.*/, '')
    .replace(/sha256(:|%3A)[0-9a-f]{64}/, 'DIGEST')
    .replace(/sha256-[0-9a-f]{64}/, 'TAG')
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, 'UPLOAD');
}

async function cellOf(
  stage: KillStage,
  { service, number }: Request,
  { action }: FaultKind,
  duration: 'once' | 'for ever',
  expected: string,
): Promise<Cell> {
  const target = stage.services[service];
  if (!target) throw new Error(`There is no ${service}`);
  const image = await push(stage);
  await target.clear();
  await target.fault({
    path: '',
    skip: number - 1,
    ...(duration === 'once' ? { times: 1 } : {}),
    action,
  });
  const { exit, outputs, annotations } = await stage.sign(image);
  await target.mend();
  const isSigned = exit === 0 && outputs['signed'] === 'true';
  if (isSigned) return (await isComplete(stage, image, expected)) ?? 'ok';
  const isSaid = annotations.some(({ message }) => /\nTo fix: /.test(message));
  if (!isSaid || outputs['signed'] === 'true') return 'SILENT';
  const again = await stage.sign(image);
  if (again.exit !== 0) return 'LOSES';
  return (await isComplete(stage, image, expected)) ?? 'fails';
}

/** The problems in what readers find. */
async function isComplete(
  stage: KillStage,
  image: Awaited<ReturnType<KillStage['push']>>,
  expected: string,
): Promise<'LOSES' | 'DOUBLES' | undefined> {
  if (!(await stage.accepts(image))) return 'LOSES';
  return (await stage.listed(image)) === expected ? undefined : 'DOUBLES';
}

function push(stage: KillStage): ReturnType<KillStage['push']> {
  return stage.push(`fault ${++images}`);
}
