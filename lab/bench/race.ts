// `npm run race -- [rounds] [signers] [embedded|distribution] [seed]`: several signers sign one image at once, in a registry that rejects, delays and loses writes; checks which are listed at the end.
import '../runner/scratch.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { INDEX, pushImage } from '../services/image.ts';
import { type Chance, chance } from '../fuzz/random.ts';
import { findTool } from '../tools/build.ts';
import { type FaultProxy, startFaultProxy } from './race/fault-proxy.ts';
import { type RaceRegistry, startRaceRegistry } from './race/registry.ts';
import { type Signed, type Signers, startSigners } from './race/signers.ts';

/** Milliseconds: cosign finishes before a Node process has started, and must run at the same time as the others. */
const LATEST = 2000;

interface Field {
  readonly registry: RaceRegistry;
  readonly proxy: FaultProxy;
  readonly actors: Signers;
  readonly source: Chance;
  /** The path of cosign, if it was built. */
  readonly tool: string | undefined;
}

interface Round {
  readonly signed: readonly Signed[];
  readonly lost: { readonly ours: number; readonly cosign: number };
}

const [rounds = '25', signers = '8', name = 'embedded', seed = '1'] = process.argv.slice(2);
const field = await open();
const run: Round[] = [];
for (let number = 1; number <= Number(rounds); number++) {
  const round = await race(number, field);
  run.push(round);
  report(number, round);
}
console.log(`\n${faultsMet(field)}\n\n${table(run)}`);
await close(field);
process.exitCode = run.every(isGood) ? 0 : 1;

async function open(): Promise<Field> {
  const source = chance(Number(seed));
  const registry = await startRaceRegistry(name === 'distribution' ? name : 'embedded');
  const tool = await findTool('cosign-v3');
  if (tool === undefined) console.log('cosign takes no part: npm run interop builds it');
  const proxy = await startFaultProxy(registry.url, source);
  return { registry, proxy, actors: await startSigners(), source, tool };
}

async function close({ registry, proxy, actors }: Field): Promise<void> {
  proxy.close();
  await Promise.all([registry.stop(), actors.stop()]);
}

async function race(number: number, field: Field): Promise<Round> {
  const { registry, proxy, actors, source, tool } = field;
  const repository = `acme/race-${number}`;
  const { digest } = await pushImage(registry, repository, { content: `race ${number}` });
  const image = `${proxy.host}/${repository}@${digest}`;
  const start = source.below(LATEST);
  const cosign = tool === undefined ? [] : [sleep(start).then(() => actors.cosign(tool, image))];
  const ours = Array.from({ length: Number(signers) - cosign.length }, () =>
    actors.countersign(image),
  );
  const [own, others] = await Promise.all([Promise.all(ours), Promise.all(cosign)]);
  const listed = await listedIn(registry, repository, digest);
  await registry.forget();
  const lost = (digests: readonly string[]): number =>
    digests.filter((each) => !listed.has(each)).length;
  const hasSigned = others.some(({ failure }) => failure === undefined);
  return {
    signed: [...own, ...others],
    lost: {
      ours: lost(own.flatMap(({ referrers }) => referrers)),
      // It does not print what it wrote, but the proxy recorded it.
      cosign: hasSigned ? lost(proxy.writtenBy('cosign', repository)) : 0,
    },
  };
}

async function listedIn(
  { url }: RaceRegistry,
  repository: string,
  digest: string,
): Promise<ReadonlySet<string>> {
  const tag = digest.replace(':', '-');
  const response = await fetch(`${url}/v2/${repository}/manifests/${tag}`, {
    headers: { accept: INDEX },
  });
  const { manifests = [] } = (await response.json()) as { manifests?: { digest: string }[] };
  return new Set(manifests.map((each) => each.digest));
}

function report(number: number, { signed, lost }: Round): void {
  for (const { failure } of signed)
    if (failure !== undefined) console.log(`round ${number}: ${failure}`);
  if (lost.ours + lost.cosign > 0)
    console.log(`round ${number}: ${lost.ours} of ours lost, ${lost.cosign} of cosign's`);
}

function isGood({ signed, lost }: Round): boolean {
  return lost.ours + lost.cosign === 0 && signed.every(({ failure }) => failure === undefined);
}

function faultsMet({ proxy }: Field): string {
  return [...proxy.met].map(([fate, count]) => `${fate}: ${count}`).join(', ');
}

function table(rounds: readonly Round[]): string {
  const signed = rounds.flatMap((round) => round.signed);
  const failed = signed.filter(({ failure }) => failure !== undefined).length;
  const walls = signed.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const columns = {
    registry: name,
    rounds: rounds.length,
    signers: signed.length,
    'of these, cosign': field.tool === undefined ? 0 : rounds.length,
    'reported signed': signed.length - failed,
    'lost, ours': total(rounds.map(({ lost }) => lost.ours)),
    "lost, cosign's": total(rounds.map(({ lost }) => lost.cosign)),
    failed,
    'wall, median': seconds(walls[walls.length >> 1]),
    'wall, longest': seconds(walls.at(-1)),
  };
  return [Object.keys(columns), Object.keys(columns).map(() => '---'), Object.values(columns)]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function seconds(milliseconds = NaN): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
