// Signs images: check everything that can fail, sign once, verify the bundles, store those of each image, read them back, tag the images.
import { makeAll, type Making } from './making.ts';
import type { KeptBundle, MadeBundle, StoredBundle } from './model/bundle.ts';
import { mapEach, type NonEmpty } from './model/non-empty.ts';
import type { DryRunReport, ReportedBundle, SignReport } from './model/report.ts';
import type { SignRequest } from './model/request.ts';
import { type Decided, prepare, type PreparationServices } from './preparation.ts';
import type { StatementSigner } from './sigstore/sign/statement-signer.ts';

export interface SignServices extends PreparationServices, Making {
  /** The path of a file with all of them; empty if there is none. */
  readonly keepAll: (bundles: NonEmpty<KeptBundle>) => Promise<string>;
}

export async function sign(request: SignRequest, services: SignServices): Promise<SignReport> {
  // Nothing is logged before every store is known to accept it, except the certificate, which takes as long as the stores.
  const prepared = await prepare(request, services, openSignerIfNeeded);
  const { subjects, party, tags } = prepared;
  const { made, failures: unmade, storing } = await makeAll(prepared, services);
  const [bundlePath, outcomes] = await Promise.all([services.keepAll(made), Promise.all(storing)]);
  const stored = outcomes.flatMap((outcome) => outcome.stored);
  const failures = [...unmade, ...outcomes.flatMap((outcome) => outcome.failures)];
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

function reported(bundle: MadeBundle, stored: readonly StoredBundle[]): ReportedBundle {
  return { ...bundle, stored: stored.filter(({ id }) => id === bundle.signed.id) };
}
