// Stores bundles next to the image in its registry: OCI 1.1 referrers, listed in the fallback tag if the registry does not list them itself.
import { setTimeout as sleep } from 'node:timers/promises';
import { sideBySide } from '../concurrency/side-by-side.ts';
import { ActionError, ActionErrors, actionErrorsOf, allOrProblems, settle } from '../errors.ts';
import type { MadeBundle, StoredBundle } from '../model/bundle.ts';
import type { Digest } from '../model/digest.ts';
import { isNonEmpty, mapEach, type NonEmpty } from '../model/non-empty.ts';
import { formatRepository } from '../model/reference.ts';
import {
  type Descriptor,
  formatSubject,
  includesSubject,
  namedIn,
  type Subject,
} from '../model/subject.ts';
import { type BundleManifest, bundleManifest, EMPTY_JSON } from '../registry/bundle-manifest.ts';
import type { RegistryClient } from '../registry/client.ts';
import { ensureBlob, finishUpload, readManifest, startUpload } from '../registry/content.ts';
import { listInFallbackTag } from '../registry/fallback-tag.ts';
import { listLinkedReferrers } from '../registry/referrers.ts';
import { unread } from '../registry/tag-errors.ts';
import { writeManifest } from '../registry/write-manifest.ts';
import type { Store, StoreOutcome } from './store.ts';

/** Milliseconds: a registry with replicas may not know yet what it has just taken. */
const LOOK_AGAIN = [500, 1500, 3000];

/** Requests at once: an index has up to 256 manifests. */
const WIDTH = 64;

export function registryStore(clientFor: (subject: Subject) => RegistryClient): Store {
  return {
    name: 'registry',
    async prepare(subjects, claims) {
      const shelves = await allOrProblems(
        byRepository(subjects).map((here) => prepareShelf(clientFor(here[0]), here, claims.length)),
      );
      const share = Math.min(subjects.length, WIDTH);
      return {
        takes: () => true,
        async store(bundles) {
          const outcomes = await Promise.all(
            shelves.map((shelf) => storeOn(shelf, bundles, share)),
          );
          return together(outcomes);
        },
      };
    },
  };
}

/** A repository with what is to be signed in it. */
interface Shelf {
  readonly client: RegistryClient;
  readonly places: NonEmpty<Place>;
  /** Open uploads, one for each bundle to come: opened early because each costs a round trip. A bundle takes any of them. */
  readonly uploads: URL[];
}

interface Place {
  readonly client: RegistryClient;
  readonly subject: Subject;
  readonly descriptor: Descriptor;
}

/** A bundle in its manifest, which the registry has taken and readers may not find yet. */
interface Written {
  readonly id: Digest;
  readonly manifest: BundleManifest;
  /** The digest that the registry says it has linked the manifest to. */
  readonly linkedTo: string | null;
}

function byRepository(subjects: NonEmpty<Subject>): readonly NonEmpty<Subject>[] {
  const groups = Map.groupBy(subjects, ({ repository }) => formatRepository(repository));
  return [...groups.values()].flatMap((group) => (isNonEmpty(group) ? [group] : []));
}

async function prepareShelf(
  client: RegistryClient,
  subjects: NonEmpty<Subject>,
  claims: number,
): Promise<Shelf> {
  // One statement is about an image and everything that its index lists.
  const count = claims * namedIn(subjects).length;
  const [places, , uploads] = await allOrProblems([
    allOrProblems(mapEach(subjects, (subject) => preparePlace(client, subject))),
    ensureBlob(client, EMPTY_JSON),
    allOrProblems(Array.from({ length: count }, () => startUpload(client))),
  ] as const).catch((error: unknown) => {
    throw new ActionErrors(onePerCause(actionErrorsOf(error)));
  });
  return { client, places, uploads: [...uploads] };
}

/** What an index lists was there when the index was pushed, so only images that the user named are read. */
async function preparePlace(client: RegistryClient, subject: Subject): Promise<Place> {
  const descriptor = subject.listedAs ?? (await readSubject(client, subject));
  return { client, subject, descriptor };
}

/** Parallel requests fail for the same reason, which is reported once; each missing image is a cause of its own. */
function onePerCause(errors: readonly ActionError[]): readonly ActionError[] {
  const causeOf = ({ code, message, remedy }: ActionError): string =>
    code === 'SUBJECT_MISSING' ? message : remedy;
  return errors.filter(
    (error, index) => errors.findIndex((other) => causeOf(other) === causeOf(error)) === index,
  );
}

async function readSubject(client: RegistryClient, subject: Subject): Promise<Descriptor> {
  for (const wait of [...LOOK_AGAIN, undefined]) {
    const manifest = await readManifest(client, subject.digest);
    if (manifest) return manifest;
    if (wait !== undefined) await sleep(wait);
  }
  throw new ActionError('input', 'SUBJECT_MISSING', {
    message: `Cannot sign "${formatSubject(subject)}": the registry has no such manifest`,
    remedy:
      'sign in the job that pushed the image, after the push, and pass its digest: digest: ${{ steps.build.outputs.digest }}',
  });
}

/** One blob for each bundle in a repository, however many manifests it is about. Everything that was written is listed and reported, even if other writes failed. */
async function storeOn(
  shelf: Shelf,
  bundles: readonly MadeBundle[],
  share: number,
): Promise<StoreOutcome> {
  const subjects = shelf.places.map(({ subject }) => subject);
  const about = bundles.filter(({ signed }) =>
    signed.subjects.some((subject) => includesSubject(subjects, subject)),
  );
  const { values: pushed, failures } = await settle(about.map((each) => pushBlob(each, shelf)));
  const created = new Date();
  const outcomes = await sideBySide(shelf.places, WIDTH, (place) =>
    storeAt(place, bundlesFor(place, pushed), { created, share }),
  );
  return together([{ stored: [], failures }, ...outcomes]);
}

async function pushBlob(bundle: MadeBundle, { client, uploads }: Shelf): Promise<MadeBundle> {
  const upload = uploads.pop() ?? (await startUpload(client));
  await finishUpload(client, upload, bundle.signed.json);
  return bundle;
}

function bundlesFor({ subject }: Place, bundles: readonly MadeBundle[]): readonly MadeBundle[] {
  return bundles.filter(({ signed }) => includesSubject(signed.subjects, subject));
}

async function storeAt(
  place: Place,
  bundles: readonly MadeBundle[],
  { created, share }: { readonly created: Date; readonly share: number },
): Promise<StoreOutcome> {
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

function together(outcomes: readonly StoreOutcome[]): StoreOutcome {
  return {
    stored: outcomes.flatMap(({ stored }) => stored),
    failures: outcomes.flatMap(({ failures }) => failures),
  };
}

async function write(
  { signed }: MadeBundle,
  { client, descriptor }: Place,
  created: Date,
): Promise<Written> {
  const { id, json, predicateType } = signed;
  const manifest = bundleManifest({ subject: descriptor, bundle: json, predicateType, created });
  const { linkedTo } = await writeManifest(client, manifest.referrer.digest, manifest);
  return { id, manifest, linkedTo };
}

function storedIn({ subject }: Place, { id, manifest }: Written): StoredBundle {
  const { digest } = manifest.referrer;
  return {
    id,
    store: 'registry',
    subjects: [subject],
    referrer: digest,
    place: `${formatRepository(subject.repository)}@${digest}`,
  };
}

async function listAll(
  { client, subject }: Place,
  written: readonly Written[],
  share: number,
): Promise<void> {
  const manifests = written.map(({ manifest }) => manifest);
  // distribution-spec, "Pushing Manifests with Subject": no OCI-Subject means that the client keeps the list.
  const isLinked = written.every(({ linkedTo }) => linkedTo === subject.digest);
  if (isLinked && (await getListed(client, subject, manifests))) return;
  const referrers = manifests.map(({ referrer }) => referrer);
  await listInFallbackTag(client, subject.digest, referrers, { share });
}

/** Reads back what the registry lists to a verifier now, and writes once more what a registry has lost from its list. */
async function getListed(
  client: RegistryClient,
  subject: Subject,
  manifests: readonly BundleManifest[],
): Promise<boolean> {
  for (const wait of [...LOOK_AGAIN, undefined]) {
    const { referrers, failures } = await listLinkedReferrers(client, subject.digest);
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
