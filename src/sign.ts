// Signs images: check everything that can fail, sign once, verify the bundles, store them, read them back, tag the images.
import { type ActionError, ActionErrors, distinct, settle } from './errors.ts';
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
import { type Decided, prepare, type PreparationServices } from './preparation.ts';
import { selfCheck } from './self-check.ts';
import { perform } from './signing-tasks.ts';
import type { StatementSigner } from './sigstore/sign/statement-signer.ts';
import type { PreparedStore, StoreOutcome } from './stores/store.ts';

export interface SignServices extends PreparationServices {
  /** Writes everything to files before anything is stored, so that no signature is lost; `all` is the file with every bundle, empty if there is none. */
  readonly keep: (
    signed: NonEmpty<SignedBundle>,
  ) => Promise<{ readonly all: string; readonly bundles: NonEmpty<KeptBundle> }>;
}

export async function sign(request: SignRequest, services: SignServices): Promise<SignReport> {
  // Nothing is logged before every store is known to accept it, except the certificate, which takes as long as the stores.
  const prepared = await prepare(request, services, openSignerIfNeeded);
  const { subjects, party, stores, tags, verify } = prepared;
  const { signed, failures: unsigned } = await signAll(prepared, prepared.outcome);
  const kept = await services.keep(signed);
  const made = await Promise.all(mapEach(kept.bundles, (bundle) => selfCheck(bundle, verify)));
  const { stored, failures: unstored } = await storeEverywhere(stores, made);
  const failures = [...unsigned, ...unstored];
  const tagging = await tags.write({ stored, failures });
  return {
    mode: 'sign',
    instance: party.instance,
    publicKey: party.publicKey,
    subjects,
    bundles: mapEach(made, (bundle) => reported(bundle, stored)),
    bundlePath: kept.all,
    failures,
    tagging,
  };
}

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

/** A failed statement does not affect the others: each may already be in a log. */
async function signAll(
  { tasks, done }: Decided,
  signer: StatementSigner | undefined,
): Promise<{
  readonly signed: NonEmpty<SignedBundle>;
  readonly failures: readonly ActionError[];
}> {
  const signing = tasks.map(async (task): Promise<readonly SignedBundle[]> => {
    const found = done.get(task);
    if (found) return found;
    if (!signer) throw new RangeError('something to sign, and no signer');
    return perform(task, signer);
  });
  const { values, failures } = await settle(signing);
  const signed = values.flat();
  if (isNonEmpty(signed)) return { signed, failures: distinct(failures) };
  throw new ActionErrors(distinct(failures));
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
