// Stores bundles in a registry, next to the image or in a repository of their own: OCI 1.1 referrers, listed in the fallback tag if the registry does not list them itself.
import { setTimeout as sleep } from 'node:timers/promises';
import { ActionErrors, actionErrorsOf, allOrProblems, onePerRemedy, settle } from '../errors.ts';
import type { MadeBundle, StoredBundle } from '../model/bundle.ts';
import type { Digest } from '../model/digest.ts';
import { isNonEmpty, mapEach, type NonEmpty } from '../model/non-empty.ts';
import { formatRepository, isSameRepository } from '../model/reference.ts';
import { type Descriptor, includesSubject, type Subject } from '../model/subject.ts';
import { type BundleManifest, bundleManifest, EMPTY_JSON } from '../registry/bundle-manifest.ts';
import type { RegistryClient } from '../registry/client.ts';
import { ensureBlob, finishUpload, startUpload } from '../registry/content.ts';
import { listInFallbackTag } from '../registry/fallback-tag.ts';
import { LOOK_AGAIN, readSubject } from '../registry/read-subject.ts';
import { listReferrers } from '../registry/referrers.ts';
import { unread } from '../registry/tag-errors.ts';
import { writeManifest } from '../registry/write-manifest.ts';
import type { Store, StoreOutcome } from './store.ts';

type ClientFor = (subject: Subject) => RegistryClient;

export interface RegistryClients {
  /** For the repository of the image. */
  readonly clientFor: ClientFor;
  /** For the repository with the signatures and attestations of the image. */
  readonly evidenceFor: ClientFor;
}

export function registryStore(clients: RegistryClients): Store {
  return {
    name: 'registry',
    async prepare(subjects, predicates) {
      const places = await allOrProblems(
        byPlace(subjects, clients.evidenceFor).map((each) =>
          preparePlace(each, clients, predicates.length),
        ),
      );
      return {
        takes: () => true,
        async store(bundles) {
          const outcomes = await Promise.all(
            places.map((place) => storeAt(place, bundlesFor(place, bundles), places.length)),
          );
          return {
            stored: outcomes.flatMap(({ stored }) => stored),
            failures: outcomes.flatMap(({ failures }) => failures),
          };
        },
      };
    },
  };
}

interface Place {
  /** For the repository that the bundles go to. */
  readonly client: RegistryClient;
  /** Images with one digest, which need not be in that repository. */
  readonly subjects: NonEmpty<Subject>;
  readonly descriptor: Descriptor;
  /** Open uploads, one for each bundle to come: opened early because each costs a round trip. A bundle takes any of them. */
  readonly uploads: URL[];
}

/** A bundle in its manifest, which the registry has taken and readers may not find yet. */
interface Written {
  readonly id: Digest;
  readonly manifest: BundleManifest;
  /** The digest that the registry says it has linked the manifest to. */
  readonly linkedTo: string | null;
}

/** Copies of an image in several repositories may have their evidence in one. */
function byPlace(
  subjects: NonEmpty<Subject>,
  evidenceFor: ClientFor,
): readonly NonEmpty<Subject>[] {
  const groups: Iterable<readonly Subject[]> = Map.groupBy(
    subjects,
    (subject) => `${formatRepository(evidenceFor(subject).repository)}@${subject.digest}`,
  ).values();
  return [...groups].filter(isNonEmpty);
}

async function preparePlace(
  subjects: NonEmpty<Subject>,
  { clientFor, evidenceFor }: RegistryClients,
  count: number,
): Promise<Place> {
  const client = evidenceFor(subjects[0]);
  const [[descriptor], , uploads] = await allOrProblems([
    allOrProblems(mapEach(subjects, (subject) => readSubject(clientFor(subject), subject))),
    ensureBlob(client, EMPTY_JSON),
    allOrProblems(Array.from({ length: count }, () => startUpload(client))),
  ] as const).catch((error: unknown) => {
    throw new ActionErrors(onePerRemedy(actionErrorsOf(error)));
  });
  return { client, subjects, descriptor, uploads: [...uploads] };
}

function bundlesFor({ subjects }: Place, bundles: readonly MadeBundle[]): readonly MadeBundle[] {
  return bundles.filter(({ signed }) =>
    subjects.some((subject) => includesSubject(signed.subjects, subject)),
  );
}

/** Everything that was written is listed and reported, even if other writes failed. */
async function storeAt(
  place: Place,
  bundles: readonly MadeBundle[],
  share: number,
): Promise<StoreOutcome> {
  const created = new Date();
  const { values: written, failures } = await settle(
    bundles.map((bundle) => write(bundle, place, created)),
  );
  if (written.length === 0) return { stored: [], failures };
  const listing = await settle([listAll(place, written, share)]);
  if (listing.failures.length > 0) {
    return { stored: [], failures: [...failures, ...listing.failures] };
  }
  return { stored: written.map((each) => storedIn(place, each)), failures };
}

async function write({ signed }: MadeBundle, place: Place, created: Date): Promise<Written> {
  const { client, descriptor, uploads } = place;
  const { id, json, predicateType } = signed;
  const upload = uploads.pop() ?? (await startUpload(client));
  await finishUpload(client, upload, json);
  const manifest = bundleManifest({ subject: descriptor, bundle: json, predicateType, created });
  const { linkedTo } = await writeManifest(client, manifest.referrer.digest, manifest, {
    ...(isElsewhere(place) ? { remedy: remedyElsewhere } : {}),
  });
  return { id, manifest, linkedTo };
}

function isElsewhere({ client, subjects }: Place): boolean {
  return subjects.some(({ repository }) => !isSameRepository(repository, client.repository));
}

/** distribution-spec, "Pushing Manifests with Subject": a registry must take a subject that it does not have, and some do not. */
function remedyElsewhere(status: number, usual: string): string {
  return [400, 404, 409, 422].includes(status)
    ? 'the registry may not accept signatures of an image that is in another repository: copy the image there first, or remove "signature-repository" (or COSIGN_REPOSITORY) to store them with the image'
    : usual;
}

function storedIn(place: Place, { id, manifest }: Written): StoredBundle {
  const { client, subjects } = place;
  const { digest } = manifest.referrer;
  return {
    id,
    store: 'registry',
    subjects,
    referrer: digest,
    place: `${formatRepository(client.repository)}@${digest}`,
    ...(isElsewhere(place) ? { repository: client.repository } : {}),
  };
}

async function listAll(
  { client, subjects: [{ digest }] }: Place,
  written: readonly Written[],
  share: number,
): Promise<void> {
  const manifests = written.map(({ manifest }) => manifest);
  // distribution-spec, "Pushing Manifests with Subject": no OCI-Subject means that the client keeps the list.
  const isLinked = written.every(({ linkedTo }) => linkedTo === digest);
  if (isLinked && (await getListed(client, digest, manifests))) return;
  const referrers = manifests.map(({ referrer }) => referrer);
  await listInFallbackTag(client, digest, referrers, { share });
}

/** Reads back through discovery what a verifier would find now, and writes once more what a registry has lost from its list. */
async function getListed(
  client: RegistryClient,
  about: Digest,
  manifests: readonly BundleManifest[],
): Promise<boolean> {
  for (const wait of [...LOOK_AGAIN, undefined]) {
    const { referrers, failures } = await listReferrers(client, about);
    const unlisted = manifests.filter(
      ({ referrer }) => !referrers.some(({ digest }) => digest === referrer.digest),
    );
    if (unlisted.length === 0) return true;
    if (failures[0]) throw unread(client, 'the registry', failures[0]);
    if (wait === undefined) return false;
    await sleep(wait);
    // A registry that updates its list without a lock keeps one of two that are written at once (olareg 0.1.2).
    for (const manifest of unlisted)
      await writeManifest(client, manifest.referrer.digest, manifest);
  }
  return false;
}
