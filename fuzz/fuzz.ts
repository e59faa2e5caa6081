// Throws changed bundles at the verifier: one that it still accepts must say exactly what the unchanged one said.
import { isDeepStrictEqual } from 'node:util';
import { DIGEST } from '../__tests__/sigstore/signing.ts';
import type { VerifiedBundle } from '../src/model/bundle.ts';
import type { Checked } from '../src/model/verdict.ts';
import type { Sample } from './corpus.ts';
import { type Json, mutate } from './mutate.ts';
import { chance } from './random.ts';

export interface FuzzReport {
  readonly mutations: number;
  readonly refused: number;
  /** Accepted, and the facts are those of the unchanged bundle: the change was outside of everything that is signed. */
  readonly harmless: number;
  /** Accepted with other facts. */
  readonly fooled: readonly { readonly sample: string; readonly number: number; readonly bundle: Json }[];
}

export async function fuzz(samples: readonly Sample[], { mutations, seed }: { readonly mutations: number; readonly seed: number }): Promise<FuzzReport> {
  const random = chance(seed);
  const [first, ...others] = await Promise.all(samples.map(async (sample) => ({ sample, known: await knownAbout(sample) })));
  if (!first) throw new RangeError('nothing to change');
  const fooled: FuzzReport['fooled'][number][] = [];
  let [refused, harmless] = [0, 0];
  for (let number = 0; number < mutations; number++) {
    const { sample, known } = random.pick([first, ...others]);
    const bundle = mutate(sample.bundle, sample.donor, random);
    const checked = await judge(sample, bundle);
    if ('rejected' in checked) refused++;
    else if (known.some((facts) => areThose(factsOf(checked), facts))) harmless++;
    else fooled.push({ sample: sample.name, number, bundle });
  }
  return { mutations, refused, harmless, fooled };
}

function judge({ verify, layer }: Sample, bundle: Json): Promise<Checked> {
  return verify({ source: 'registry', place: 'fuzz', json: Buffer.from(JSON.stringify(bundle)), ...(layer ? { layer } : {}) }, DIGEST);
}

interface Facts extends Pick<VerifiedBundle, 'statement' | 'signer'> {
  readonly witnesses: readonly unknown[];
}

/** What may be said: the facts of the bundle, and those of a good donor, all of which swaps may have put together again. */
async function knownAbout(sample: Sample): Promise<readonly Facts[]> {
  const donor = await judge(sample, sample.donor);
  return Promise.all([sample.bundle, ...('verified' in donor ? [sample.donor] : [])].map((bundle) => factsAbout(sample, bundle)));
}

/** Without the log's promise the index is the one in the proof, which is as true: an entry has two in Rekor v1. */
async function factsAbout(sample: Sample, bundle: Json): Promise<Facts> {
  const facts = factsOf(await judge(sample, bundle));
  const checked = await judge(sample, without(bundle, 'inclusionPromise'));
  return 'verified' in checked ? { ...facts, witnesses: [...facts.witnesses, ...factsOf(checked).witnesses] } : facts;
}

function without(value: Json, name: string): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => without(item, name));
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name).map(([key, inner]) => [key, without(inner, name)]));
}

/** Everything that a report or a rule reads. */
function factsOf(checked: Checked): Facts {
  if ('rejected' in checked) throw new Error(`a good bundle is refused: ${checked.rejected.code} ${checked.rejected.finding.found}`);
  const { statement, signer, times, logEntries } = checked.verified;
  return { statement, signer, witnesses: [...times, ...logEntries] };
}

/** A witness may be missing from a changed bundle that has others, but none may be added or altered. */
function areThose({ witnesses, ...said }: Facts, { witnesses: known, ...facts }: Facts): boolean {
  return isDeepStrictEqual(said, facts) && witnesses.every((witness) => known.some((each) => isDeepStrictEqual(each, witness)));
}
