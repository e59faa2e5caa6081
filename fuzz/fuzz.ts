// Throws changed bundles at the verifier: one that it still accepts must say exactly what an unchanged one says.
import { isDeepStrictEqual } from 'node:util';
import type { FoundBundle, VerifiedBundle } from '../src/model/bundle.ts';
import type { Statement } from '../src/model/statement.ts';
import { parseBundle } from '../src/sigstore/parse-bundle.ts';
import { statementOf } from '../src/sigstore/signed-statement.ts';
import type { Concluded } from '../src/model/verdict.ts';
import type { Sample } from './corpus.ts';
import { type Json, mutate } from './mutate.ts';
import { chance } from './random.ts';
import { respell } from './respell.ts';

export interface FuzzReport {
  readonly mutations: number;
  readonly refused: number;
  /** Accepted, and the facts are those of an unchanged bundle: the change was outside of everything that is signed. */
  readonly harmless: number;
  /** Accepted with other facts. */
  readonly fooled: readonly {
    readonly sample: string;
    readonly number: number;
    readonly bundle: string;
  }[];
}

export async function fuzz(
  samples: readonly Sample[],
  { mutations, seed }: { readonly mutations: number; readonly seed: number },
): Promise<FuzzReport> {
  const random = chance(seed);
  const [first, ...others] = samples;
  if (!first) throw new RangeError('nothing to change');
  const all = [first, ...others] as const;
  const fooled: FuzzReport['fooled'][number][] = [];
  let [refused, harmless] = [0, 0];
  for (let number = 0; number < mutations; number++) {
    const [sample, donor] = [random.pick(all), random.pick(all)];
    const text = respell(JSON.stringify(mutate(jsonOf(sample), jsonOf(donor), random)), random);
    const checked = await judge(sample, text);
    if ('rejected' in checked) refused++;
    else if (await isKnown(factsOf(checked, sample, text), sample, donor)) harmless++;
    else fooled.push({ sample: sample.found.place, number, bundle: text });
  }
  return { mutations, refused, harmless, fooled };
}

/** What a verifier may say: the facts of the bundle, and those of the donor if it accepts that, which swaps may have put together again. */
async function isKnown(facts: Facts, sample: Sample, donor: Sample): Promise<boolean> {
  const known = await Promise.all([sample, donor].map((good) => factsAbout(sample, jsonOf(good))));
  return known.some((good) => good !== undefined && areThose(facts, good));
}

function jsonOf({ found }: Sample): Json {
  return JSON.parse(found.json.toString()) as Json;
}

function judge({ found, digest, verify }: Sample, text: string): Promise<Concluded> {
  return verify({ ...found, json: Buffer.from(text) }, digest);
}

interface Facts extends Pick<VerifiedBundle, 'signer'> {
  readonly predicateType: string;
  /** Undefined where there is none that could be read. */
  readonly statement: Statement | undefined;
  readonly witnesses: readonly unknown[];
}

/** Without the log's promise the index is the one in the proof, which is as true: an entry has two in Rekor v1. */
async function factsAbout(sample: Sample, bundle: Json): Promise<Facts | undefined> {
  const whole = JSON.stringify(bundle);
  const checked = await judge(sample, whole);
  if ('rejected' in checked) return undefined;
  const facts = factsOf(checked, sample, whole);
  const bare = JSON.stringify(without(bundle, 'inclusionPromise'));
  const checkedBare = await judge(sample, bare);
  if ('rejected' in checkedBare) return facts;
  const { witnesses } = factsOf(checkedBare, sample, bare);
  return { ...facts, witnesses: [...facts.witnesses, ...witnesses] };
}

function without(value: Json, name: string): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => without(item, name));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== name)
      .map(([key, inner]) => [key, without(inner, name)]),
  );
}

/** Everything that a report or a rule reads, and the whole of what was signed. */
function factsOf(
  {
    verified: { statement, signer, times, logEntries },
  }: Extract<Concluded, { readonly verified: unknown }>,
  { found }: Sample,
  text: string,
): Facts {
  return {
    predicateType: statement.predicateType,
    statement: statementIn({ ...found, json: Buffer.from(text) }),
    signer,
    witnesses: [...times, ...logEntries],
  };
}

function statementIn(found: FoundBundle): Statement | undefined {
  try {
    return statementOf(parseBundle(found));
  } catch {
    return undefined;
  }
}

/** A witness may be missing from a changed bundle that has others, but none may be added or altered. */
function areThose({ witnesses, ...said }: Facts, { witnesses: known, ...facts }: Facts): boolean {
  return (
    isDeepStrictEqual(said, facts) &&
    witnesses.every((witness) => known.some((each) => isDeepStrictEqual(each, witness)))
  );
}
