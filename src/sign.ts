// Signs images: check everything that can fail, sign once, verify the bundles, store them, read them back, tag the images.
import { counter } from './concurrency/counter.ts';
import { sideBySide } from './concurrency/side-by-side.ts';
import type { Counted } from './concurrency/tally.ts';
import { type ActionError, ActionErrors, allOrProblems, distinct, settle } from './errors.ts';
import {
  formatOf,
  type KeptBundle,
  type MadeBundle,
  type SignedBundle,
  type StoredBundle,
} from './model/bundle.ts';
import { isNonEmpty, mapEach, type NonEmpty } from './model/non-empty.ts';
import type { DryRunReport, ReportedBundle, SignReport } from './model/report.ts';
import type { SignRequest } from './model/request.ts';
import {
  type Decided,
  type Preparation,
  prepare,
  type PreparationServices,
} from './preparation.ts';
import { selfCheck } from './self-check.ts';
import { perform, type SigningTask } from './signing-tasks.ts';
import type { StatementSigner } from './sigstore/sign/statement-signer.ts';
import type { PreparedStore, StoreOutcome } from './stores/store.ts';

export interface SignServices extends PreparationServices {
  /** Writes a bundle to a file as soon as it is signed, so that no signature is lost. */
  readonly keep: (signed: SignedBundle) => Promise<KeptBundle>;
  /** The path of a file with all of them; empty if there is none. */
  readonly keepAll: (bundles: NonEmpty<KeptBundle>) => Promise<string>;
  readonly onMade: Counted;
}

export async function sign(request: SignRequest, services: SignServices): Promise<SignReport> {
  // Nothing is logged before every store is known to accept it, except the certificate, which takes as long as the stores.
  const prepared = await prepare(request, services, openSignerIfNeeded);
  const { subjects, party, stores, tags } = prepared;
  const { made, failures: unmade } = await makeAll(prepared, services);
  const bundlePath = await services.keepAll(made);
  const { stored, failures: unstored } = await storeEverywhere(stores, made);
  const failures = [...unmade, ...unstored];
  const tagging = await tags.write({ stored, failures });
  return {
    mode: 'sign',
    instance: party.instance,
    publicKey: party.publicKey,
    subjects,
    bundles: mapEach(made, (bundle) => reported(bundle, stored)),
    bundlePath,
    failures,
    tagging,
  };
}

type Prepared = Preparation & { readonly outcome: StatementSigner | undefined };

/** Everything before the signature, and a report of what would follow. */
export async function dryRun(
  request: SignRequest,
  services: PreparationServices,
): Promise<DryRunReport> {
  const { subjects, party, tasks, done, stores, tags } = await prepare(request, services, () =>
    Promise.resolve(),
  );
  return {
    mode: 'dry-run',
    instance: party.instance,
    own: party.own,
    services: party.services,
    subjects,
    signings: mapEach(tasks, (task) => ({
      subjects: task.subjects,
      predicateType: task.statement.predicateType,
      format: task.format,
      foundAt: done.get(task)?.map(({ foundAt = '' }) => foundAt) ?? [],
    })),
    places: stores.flatMap((store) => store.places),
    tags: tags.planned,
  };
}

async function openSignerIfNeeded({
  party,
  tasks,
  done,
}: Decided): Promise<StatementSigner | undefined> {
  return tasks.every((task) => done.has(task)) ? undefined : party.openSigner();
}

/** Statements at once: each is verified while others wait for the log, and all of these are in memory. */
const WIDTH = 16;

/** A failed statement does not affect the others: each may already be in a log. */
async function makeAll(
  { tasks, done, outcome: signer, verify }: Prepared,
  { keep, onMade }: SignServices,
): Promise<{
  readonly made: NonEmpty<MadeBundle>;
  readonly failures: readonly ActionError[];
}> {
  const make = async (task: SigningTask): Promise<readonly MadeBundle[]> => {
    const signed = done.get(task) ?? (await perform(task, signer));
    const kept = await Promise.all(signed.map(keep));
    return allOrProblems(kept.map((bundle) => selfCheck(bundle, verify)));
  };
  const count = counter(tasks.length, onMade);
  const outcomes = await sideBySide(tasks, WIDTH, (task) => settle([make(task)]).finally(count));
  const made = outcomes.flatMap(({ values }) => values.flat());
  const failures = firstUnverified(distinct(outcomes.flatMap((outcome) => outcome.failures)));
  if (isNonEmpty(made)) return { made, failures };
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
  made: NonEmpty<MadeBundle>,
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

function reported(bundle: MadeBundle, stored: readonly StoredBundle[]): ReportedBundle {
  return { ...bundle, stored: stored.filter(({ id }) => id === bundle.signed.id) };
}
