// Passes changed lists, manifests, layers and GitHub responses to the sources: none may be reported as a bug, and nothing unsigned may be accepted.
import type { Failure } from '../../src/model/verdict.ts';
import type { Source } from '../../src/sources/source.ts';
import type { Sample } from './corpus.ts';
import { areThose, type Facts, factsAbout, factsOf, jsonOf } from './facts.ts';
import { type Json, mutate } from './mutate.ts';
import { type Chance, chance } from './random.ts';
import { respell } from './respell.ts';
import { DOCUMENTS, openStage, type Stage } from './stage.ts';

export interface AnswersReport {
  readonly mutations: number;
  /** Bundles that were found in changed responses, and the valid ones among them. */
  readonly found: number;
  readonly verified: number;
  /** What should never happen, with the number of the mutation. */
  readonly defects: readonly string[];
}

export async function fuzzAnswers(
  samples: readonly Sample[],
  { mutations, seed }: { readonly mutations: number; readonly seed: number },
): Promise<AnswersReport> {
  const random = chance(seed);
  const stage = await openStage(samples);
  const report = { mutations, found: 0, verified: 0, defects: [] as string[] };
  try {
    const unchanged = await look(stage);
    if (unchanged.found === 0) throw new Error('nothing is found before anything is changed');
    const known = await factsOfAll(stage.samples);
    if (unchanged.facts.length === 0 || defectsOf([], unchanged.facts, known).length > 0)
      throw new Error('an unchanged answer says something else than its bundles');
    for (let number = 0; number < mutations; number++) {
      const document = random.pick(DOCUMENTS);
      stage.change(
        document,
        changed(stage.read(document), stage.read(random.pick(DOCUMENTS)), random),
      );
      const { found, facts, failures } = await look(stage).catch((error: unknown) => ({
        found: 0,
        facts: [],
        failures: [{ kind: 'bug', code: 'THROWN', message: String(error), remedy: '' }],
      }));
      report.found += found;
      report.verified += facts.length;
      report.defects.push(
        ...defectsOf(failures, facts, known).map((defect) => `${number} (${document}): ${defect}`),
      );
      stage.change(document, undefined);
    }
    return report;
  } finally {
    await stage.close();
  }
}

/** Every sample is valid before anything is changed. */
async function factsOfAll(samples: readonly Sample[]): Promise<readonly Facts[]> {
  const facts = await Promise.all(samples.map((sample) => factsAbout(sample, jsonOf(sample))));
  return facts.filter((each) => each !== undefined);
}

interface Seen {
  readonly found: number;
  readonly facts: readonly Facts[];
  readonly failures: readonly Failure[];
}

async function look({ sources, subject, verify }: Stage): Promise<Seen> {
  const seen = await Promise.all(sources.map((source) => discover(source, subject, verify)));
  return {
    found: seen.reduce((sum, { found }) => sum + found, 0),
    facts: seen.flatMap(({ facts }) => facts),
    failures: seen.flatMap(({ failures }) => failures),
  };
}

async function discover(
  source: Source,
  subject: Stage['subject'],
  verify: Stage['verify'],
): Promise<Seen> {
  const facts: Facts[] = [];
  const failures: Failure[] = [];
  let found = 0;
  for await (const discovery of source.find(subject, new AbortController().signal)) {
    if ('failure' in discovery) failures.push(discovery.failure);
    if (!('found' in discovery)) continue;
    found++;
    const checked = await verify(discovery.found);
    if ('verified' in checked) facts.push(factsOf(checked, discovery.found));
  }
  return { found, facts, failures };
}

/** Different bytes for a document: another value, another spelling, or no JSON at all. */
function changed(document: Json, donor: Json, random: Chance): Buffer {
  const value = random.below(3) === 0 ? changedInside(document, random) : document;
  const bytes = Buffer.from(respell(JSON.stringify(mutate(value, donor, random)), random));
  switch (random.below(8)) {
    case 0:
      return bytes.subarray(0, random.below(bytes.length));
    case 1:
      bytes[random.below(bytes.length)] = random.below(256);
      return bytes;
    default:
      return bytes;
  }
}

/** Values whose conversion to text throws, and values that no reader expects. */
const TRAPS: readonly [Json, ...Json[]] = [
  { toString: 1, valueOf: 1 },
  [],
  {},
  null,
  true,
  -1,
  1e21,
  '',
];

/** The JSON in the texts of a document, such as cosign's annotations, with another value in it. */
function changedInside(value: Json, random: Chance): Json {
  if (Array.isArray(value)) return value.map((each) => changedInside(each, random));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, changedInside(inner, random)]),
    );
  }
  if (typeof value !== 'string' || !value.startsWith('{')) return value;
  const trapped = JSON.stringify(random.pick(TRAPS));
  const scalars = [...value.matchAll(/:("[^"]*"|\d+)/g)];
  const at = scalars[random.below(Math.max(scalars.length, 1))];
  if (!at) return value;
  return `${value.slice(0, at.index)}:${trapped}${value.slice(at.index + at[0].length)}`;
}

function defectsOf(
  failures: readonly Failure[],
  facts: readonly Facts[],
  known: readonly Facts[],
): readonly string[] {
  const believed = facts.filter((each) => !known.some((good) => areThose(each, good)));
  return [
    ...failures.filter(({ kind }) => kind === 'bug').map(({ message }) => message),
    ...believed.map((each) => `believed ${JSON.stringify(each)}`),
  ];
}
