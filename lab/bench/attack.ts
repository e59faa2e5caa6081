// `npm run attack`: runs the shipped action against a registry with attack data, as in docs/attacks.md; fails if the limits of that page are exceeded.
import '../runner/scratch.ts';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAction } from '../runner/run-action.ts';
import { type Evidence, JUNK, type Junk, makeEvidence, MOST } from '../bundles/junk.ts';
import { HostileRegistry } from '../services/hostile-registry.ts';
import { startGitHub } from '../services/start.ts';
import { startInstance } from '../bundles/instance.ts';
import { openProbe } from './open-probe.ts';
import { table } from './table.ts';

const TOKEN = 'ghs_tokenOfTheBench000000000000000000000';
/** MiB: the process ends when its heap would need more. */
const HEAP = 256;
const LIMITS = { milliseconds: 20_000, memory: 400e6, results: 100_000 } as const;

interface Outcome {
  readonly verdict: string;
  readonly milliseconds: number;
  /** Bytes: the peak of resident memory. */
  readonly memory: number;
  readonly requests: number;
  /** Characters. */
  readonly results: number;
}

/** `beside` omits the runs with invalid data only, most of which wait for the deadline. */
const [what = 'all', only = ''] = process.argv.slice(2);
const [instance, github] = await Promise.all([
  startInstance(),
  startGitHub({ tokens: { [TOKEN]: 'write' } }),
]);
const scratch = await mkdtemp(join(tmpdir(), 'countersign-attack-'));
const HEADER = ['', 'verdict', 'wall', 'peak memory', 'requests', '`results`'];

const beside = await attackAll((evidence) => evidence);
report('attack data next to one valid bundle', beside);
const alone = what === 'beside' ? [] : await attackAll((each) => ({ ...each, good: undefined }));
if (alone.length > 0) report('attack data', alone);
await Promise.all([instance.stop(), github.stop()]);

const broken = [
  ...beside.filter(([, { verdict }]) => verdict !== 'accepted'),
  ...alone.filter(([, { verdict }]) => verdict === 'accepted'),
  ...[...beside, ...alone].filter(([, outcome]) => isBeyond(outcome)),
];
for (const [name] of broken) console.log(`beyond the limits: ${name}`);
process.exitCode = broken.length > 0 ? 1 : 0;

type Row = readonly [string, Outcome];

async function attackAll(change: (evidence: Evidence) => Evidence): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const junk of JUNK.filter(({ name }) => name.includes(only))) {
    rows.push([junk.name, await attack(junk, change)]);
  }
  return rows;
}

async function attack(
  { name, arrange }: Junk,
  change: (evidence: Evidence) => Evidence,
): Promise<Outcome> {
  const registry = await new HostileRegistry().start();
  const victim = registry.push(name);
  arrange(registry, victim, change(await makeEvidence(instance, victim)), MOST);
  const probe = await openProbe(scratch);
  const { outputs, milliseconds } = await runAction({
    entry: 'dist',
    token: TOKEN,
    timeout: 120_000,
    inputs: {
      mode: 'verify',
      images: `${registry.host}/acme/app@${victim.digest}`,
      'trusted-root': instance.trust.trustedRoot,
      'retry-timeout': '15s',
    },
    env: {
      GITHUB_API_URL: github.url,
      NODE_OPTIONS: `--max-old-space-size=${HEAP} ${probe.option}`,
      ...probe.env,
    },
  });
  const { most } = await probe.read();
  const { requests } = registry;
  await registry.stop();
  const { verdict = 'none', results = '' } = outputs;
  return { verdict, milliseconds, memory: most, requests, results: results.length };
}

function report(title: string, rows: readonly Row[]): void {
  const cells = rows.map(([name, { verdict, milliseconds, memory, requests, results }]) => [
    name,
    verdict,
    `${(milliseconds / 1000).toFixed(1)} s`,
    `${Math.round(memory / 1e6)} MB`,
    String(requests),
    String(results),
  ]);
  console.log(`${table([[title, ...HEADER.slice(1)], ...cells])}\n`);
}

function isBeyond({ milliseconds, memory, results }: Outcome): boolean {
  return milliseconds >= LIMITS.milliseconds || memory >= LIMITS.memory || results > LIMITS.results;
}
