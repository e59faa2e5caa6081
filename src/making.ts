// Makes the bundles of a signing step: signs each statement, verifies the result, and stores what is verified for an image while others are signed.
import { counter } from './concurrency/counter.ts';
import { sideBySide } from './concurrency/side-by-side.ts';
import type { Counted } from './concurrency/tally.ts';
import {
  type ActionError,
  ActionErrors,
  allOrProblems,
  distinct,
  settle,
  type Settled,
} from './errors.ts';
import { formatOf, type KeptBundle, type MadeBundle, type SignedBundle } from './model/bundle.ts';
import { isNonEmpty, type NonEmpty } from './model/non-empty.ts';
import type { Preparation } from './preparation.ts';
import { selfCheck } from './self-check.ts';
import { perform, type SigningTask, tasksByImage } from './signing-tasks.ts';
import type { StatementSigner } from './sigstore/sign/statement-signer.ts';
import type { PreparedStore, StoreOutcome } from './stores/store.ts';

export type Prepared = Preparation & {
  /** Undefined if everything was signed before. */
  readonly outcome: StatementSigner | undefined;
};

export interface Making {
  /** Writes a bundle to a file as soon as it is signed, so that no signature is lost. */
  readonly keep: (signed: SignedBundle) => Promise<KeptBundle>;
  /** Counts statements. */
  readonly onMade: Counted;
}

/** Statements at once: each is verified while others wait for the log, and all of these are in memory. */
const WIDTH = 16;

interface Outcome {
  readonly made: NonEmpty<MadeBundle>;
  readonly failures: readonly ActionError[];
  /** Of each image; they never reject. */
  readonly storing: readonly Promise<StoreOutcome>[];
}

/** A failed statement does not affect the others: each may already be in a log. What is verified for an image is stored while others are signed, all of it in one update. */
export async function makeAll(
  { tasks, done, stores, outcome: signer, verify }: Prepared,
  { keep, onMade }: Making,
): Promise<Outcome> {
  const make = async (task: SigningTask): Promise<readonly MadeBundle[]> => {
    const signed = done.get(task) ?? (await perform(task, signer));
    const kept = await Promise.all(signed.map(keep));
    return allOrProblems(kept.map((bundle) => selfCheck(bundle, verify)));
  };
  const images = tasksByImage(tasks);
  const outcomes = new Map<SigningTask, Settled<readonly MadeBundle[]>>();
  const madeOf = (some: readonly SigningTask[]): readonly MadeBundle[] =>
    some.flatMap((task) => outcomes.get(task)?.values.flat() ?? []);
  const storing: Promise<StoreOutcome>[] = [];
  const count = counter(tasks.length, onMade);
  await sideBySide(tasks, WIDTH, async (task) => {
    outcomes.set(task, await settle([make(task)]));
    count();
    const image = images.get(task) ?? [];
    const made = image.every((each) => outcomes.has(each)) ? madeOf(image) : [];
    if (made.length > 0) storing.push(storeEverywhere(stores, made));
  });
  const made = madeOf(tasks);
  const problems = tasks.flatMap((task) => outcomes.get(task)?.failures ?? []);
  const failures = firstUnverified(distinct(problems));
  if (isNonEmpty(made)) return { made, failures, storing };
  throw new ActionErrors(failures);
}

/** Bundles of one step fail the self-check for one reason, such as another trusted root. */
function firstUnverified(failures: readonly ActionError[]): readonly ActionError[] {
  const first = failures.find(({ kind }) => kind === 'bundle');
  return failures.filter((each) => each.kind !== 'bundle' || each === first);
}

/** If a store fails, the others are still written, and everything that is stored is reported. */
async function storeEverywhere(
  stores: readonly PreparedStore[],
  made: readonly MadeBundle[],
): Promise<StoreOutcome> {
  const { values: outcomes, failures } = await settle(
    stores.map(async (store) =>
      store.store(made.filter(({ signed }) => store.takes(signed.predicateType, formatOf(signed)))),
    ),
  );
  return {
    stored: outcomes.flatMap(({ stored }) => stored),
    failures: [...failures, ...outcomes.flatMap((outcome) => outcome.failures)],
  };
}
