// Runs the verifier on mutated bundles: one that is still accepted must state exactly the same facts as the original.
import type { Sample } from './corpus.ts';
import { areThose, type Facts, factsAbout, factsOf, foundAs, jsonOf } from './facts.ts';
import { mutate } from './mutate.ts';
import { chance } from './random.ts';
import { respell } from './respell.ts';

export interface FuzzReport {
  readonly mutations: number;
  readonly refused: number;
  /** Accepted with the facts of an unchanged bundle: the change did not affect signed content. */
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
    const found = foundAs(sample, text);
    const checked = await sample.verify(found, sample.digest);
    if ('rejected' in checked) refused++;
    else if (await isKnown(factsOf(checked, found), sample, donor)) harmless++;
    else fooled.push({ sample: sample.found.place, number, bundle: text });
  }
  return { mutations, refused, harmless, fooled };
}

/** Allowed results of a verifier: the facts of the bundle, and those of the donor if it accepts that, which swaps may have restored. */
async function isKnown(facts: Facts, sample: Sample, donor: Sample): Promise<boolean> {
  const known = await Promise.all([sample, donor].map((good) => factsAbout(sample, jsonOf(good))));
  return known.some((good) => good !== undefined && areThose(facts, good));
}
