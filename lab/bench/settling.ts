// `node lab/bench/settling.ts [rounds]`: measures how long a writer of a fallback tag must read it afterwards, with seven of our writers and one that merges once and repeats rejected writes, as cosign does.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { INDEX, MANIFEST, pushImage, putManifest } from '../services/image.ts';
import { chance } from '../fuzz/random.ts';
import { sideBySide } from '../../src/concurrency/side-by-side.ts';
import { createTransport } from '../../src/http/transport.ts';
import type { Digest } from '../../src/model/digest.ts';
import { RegistryClient } from '../../src/registry/client.ts';
import { listInFallbackTag } from '../../src/registry/fallback-tag.ts';
import { TIMING, type Timing } from '../../src/registry/shared-tag.ts';
import { fallbackTag, type Referrer } from '../../src/registry/referrer.ts';
import { startFaultProxy } from './race/fault-proxy.ts';
import { startRaceRegistry } from './race/registry.ts';

const [rounds = 100] = process.argv.slice(2).map(Number);
const OURS = 7;
const ROUNDS_AT_ONCE = 8;
/** Milliseconds: writers start within this time, and go-containerregistry repeats after these. */
const BEGINNING = 1000;
const REPEATS = [0, 1000, 3000];
const MEASURED: readonly (readonly [settling: number, contended: number])[] = [
  [100, 100],
  [1000, 1000],
  [2000, 2000],
  [3000, 3000],
  [3000, 6000],
];

interface Subject {
  readonly host: string;
  readonly path: string;
  readonly digest: Digest;
}

interface Outcome {
  readonly lostOurs: number;
  readonly lostOthers: number;
  readonly walls: readonly number[];
}

const registry = await startRaceRegistry('embedded');
console.log(
  '| settling | where contended | rounds | lost, ours | lost, of others | wall, median |',
);
console.log('|---|---|---|---|---|---|');
for (const [settling, contended] of MEASURED) {
  const proxy = await startFaultProxy(registry.url, chance(1));
  const timing = { ...TIMING, settling, contended };
  const all = Array.from({ length: rounds }, () => proxy.host);
  const outcomes = await sideBySide(all, ROUNDS_AT_ONCE, (host) => race(host, timing));
  const walls = outcomes.flatMap((each) => each.walls).sort((a, b) => a - b);
  const cells = [
    `${settling / 1000} s`,
    `${contended / 1000} s`,
    rounds,
    `${outcomes.reduce((sum, { lostOurs }) => sum + lostOurs, 0)} of ${OURS * rounds}`,
    `${outcomes.reduce((sum, { lostOthers }) => sum + lostOthers, 0)} of ${rounds}`,
    `${((walls[walls.length >> 1] ?? NaN) / 1000).toFixed(1)} s`,
  ];
  console.log(`| ${cells.join(' | ')} |`);
  proxy.close();
}
await registry.stop();

async function race(host: string, timing: Timing): Promise<Outcome> {
  const path = `acme/${randomUUID()}`;
  const digest = (await pushImage(registry, path)).digest as Digest;
  const subject = { host, path, digest };
  const walls: number[] = [];
  const listOurs = async (): Promise<string> => {
    const referrer = await newReferrer(path);
    await sleep(Math.random() * BEGINNING);
    const started = performance.now();
    await listInFallbackTag(clientOf(subject), digest, [referrer], { timing });
    walls.push(performance.now() - started);
    return referrer.digest;
  };
  const [others, ...ours] = await Promise.all([
    listOthers(subject),
    ...Array.from({ length: OURS }, listOurs),
  ]);
  const listed = new Set((await listIn(registry.url, subject)).map((each) => each.digest));
  await registry.forget();
  const lost = (digests: readonly (string | undefined)[]): number =>
    digests.filter((each) => each !== undefined && !listed.has(each as Digest)).length;
  return { lostOurs: lost(ours), lostOthers: lost([others]), walls };
}

/** Its digest, unless it gave up. */
async function listOthers(subject: Subject): Promise<string | undefined> {
  const referrer = await newReferrer(subject.path);
  await sleep(Math.random() * BEGINNING);
  const url = `http://${subject.host}`;
  const manifests = [...(await listIn(url, subject)), referrer];
  const body = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests });
  for (const wait of REPEATS) {
    await sleep(wait);
    const headers = { 'content-type': INDEX };
    const answer = await fetch(addressOf(url, subject), { method: 'PUT', headers, body }).catch(
      () => undefined,
    );
    if (answer?.status === 201) return referrer.digest;
  }
  return undefined;
}

async function listIn(url: string, subject: Subject): Promise<readonly Referrer[]> {
  const answer = await fetch(addressOf(url, subject), { headers: { accept: INDEX } });
  if (answer.status === 404) return [];
  return ((await answer.json()) as { manifests: Referrer[] }).manifests;
}

function addressOf(url: string, { path, digest }: Subject): string {
  return `${url}/v2/${path}/manifests/${fallbackTag(digest)}`;
}

async function newReferrer(path: string): Promise<Referrer> {
  const bytes = Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, name: randomUUID() }),
  );
  const digest = (await putManifest(registry, path, bytes)) as Digest;
  return { mediaType: MANIFEST, digest, size: bytes.byteLength };
}

function clientOf({ host, path }: Subject): RegistryClient {
  return new RegistryClient({ registry: host, path }, 'pull,push', {
    transport: createTransport({ retryTimeout: 60_000, onRetry: () => undefined }),
    keychain: () => Promise.resolve({ kind: 'anonymous', from: 'no credentials' }),
  });
}
