// The facts of a verified bundle, for comparison with the original.
import { isDeepStrictEqual } from 'node:util';
import type { FoundBundle } from '../../src/model/found.ts';
import type { VerifiedBundle } from '../../src/model/bundle.ts';
import type { Statement } from '../../src/model/statement.ts';
import type { Concluded } from '../../src/model/verdict.ts';
import { imageOf } from '../../src/sigstore/verify/artifact.ts';
import { parseBundle } from '../../src/sigstore/verify/parse-bundle.ts';
import { statementOf } from '../../src/sigstore/verify/signed-statement.ts';
import type { Sample } from './corpus.ts';
import type { Json } from './mutate.ts';

export interface Facts extends Pick<VerifiedBundle, 'signer'> {
  readonly predicateType: string;
  /** Undefined if there is none that could be read. */
  readonly statement: Statement | undefined;
  readonly witnesses: readonly unknown[];
}

/** A sample with another text. */
export function foundAs({ found }: Sample, text: string): FoundBundle {
  return { ...found, json: Buffer.from(text) };
}

export function jsonOf({ found }: Sample): Json {
  return JSON.parse(found.json.toString()) as Json;
}

/** Without the log's promise the index is the one in the proof, which is also correct: an entry has two in Rekor v1. */
export async function factsAbout(sample: Sample, bundle: Json): Promise<Facts | undefined> {
  const { verify, digest } = sample;
  const whole = foundAs(sample, JSON.stringify(bundle));
  const checked = await verify(whole, digest);
  if ('rejected' in checked) return undefined;
  const facts = factsOf(checked, whole);
  const bare = foundAs(sample, JSON.stringify(without(bundle, 'inclusionPromise')));
  const checkedBare = await verify(bare, digest);
  if ('rejected' in checkedBare) return facts;
  const { witnesses } = factsOf(checkedBare, bare);
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

/** Everything that a report or a rule reads, and all of the signed content. */
export function factsOf(
  {
    verified: { statement, signer, times, logEntries },
  }: Extract<Concluded, { readonly verified: unknown }>,
  found: FoundBundle,
): Facts {
  return {
    predicateType: statement.predicateType,
    statement: statementIn(found),
    signer,
    witnesses: [...times, ...logEntries],
  };
}

/** The signed content is read in the same way for every image. */
const IMAGE = imageOf(`sha256:${'0'.repeat(64)}`);

function statementIn(found: FoundBundle): Statement | undefined {
  try {
    return statementOf(parseBundle(found, IMAGE.messageOf));
  } catch {
    return undefined;
  }
}

/** A log entry or timestamp may be missing from a changed bundle that has others, but none may be added or altered. */
export function areThose(
  { witnesses, ...said }: Facts,
  { witnesses: known, ...facts }: Facts,
): boolean {
  return (
    isDeepStrictEqual(said, facts) &&
    witnesses.every((witness) => known.some((each) => isDeepStrictEqual(each, witness)))
  );
}
