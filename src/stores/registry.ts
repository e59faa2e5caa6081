// Stores bundles next to the image in its registry: OCI 1.1 referrers, listed in the fallback tag if the registry does not list them itself.
import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError, ActionErrors, actionErrorsOf, allOrProblems, settle } from '../errors.ts';
import type { MadeBundle, StoredBundle } from '../model/bundle.ts';
import type { Digest } from '../model/digest.ts';
import { formatRepository } from '../model/reference.ts';
import { type Descriptor, formatSubject, includesSubject, type Subject } from '../model/subject.ts';
import { type BundleManifest, bundleManifest, EMPTY_JSON } from '../registry/bundle-manifest.ts';
import type { RegistryClient } from '../registry/client.ts';
import { ensureBlob, finishUpload, readManifest, startUpload } from '../registry/content.ts';
import { listInFallbackTag } from '../registry/fallback-tag.ts';
import { listReferrers } from '../registry/referrers.ts';
import { unread } from '../registry/tag-errors.ts';
import { writeManifest } from '../registry/write-manifest.ts';
import type { Store, StoreOutcome } from './store.ts';

/** Milliseconds: a registry with replicas may not know yet what it has just taken. */
const LOOK_AGAIN = [500, 1500, 3000];

export function registryStore(clientFor: (subject: Subject) => RegistryClient): Store {
  return {
    name: 'registry',
    async prepare(subjects, claims) {
      const places = await allOrProblems(
        subjects.map((subject) => preparePlace(clientFor(subject), subject, claims.length)),
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
  readonly client: RegistryClient;
  readonly subject: Subject;
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

async function preparePlace(
  client: RegistryClient,
  subject: Subject,
  count: number,
): Promise<Place> {
  const [descriptor, , uploads] = await allOrProblems([
    readSubject(client, subject),
    ensureBlob(client, EMPTY_JSON),
    allOrProblems(Array.from({ length: count }, () => startUpload(client))),
  ] as const).catch((error: unknown) => {
    throw new ActionErrors(onePerRemedy(actionErrorsOf(error)));
  });
  return { client, subject, descriptor, uploads: [...uploads] };
}

/** Parallel requests fail for the same reason, which is reported once. */
function onePerRemedy(errors: readonly ActionError[]): readonly ActionError[] {
  return errors.filter(
    ({ remedy }, index) => errors.findIndex((other) => other.remedy === remedy) === index,
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

function bundlesFor({ subject }: Place, bundles: readonly MadeBundle[]): readonly MadeBundle[] {
  return bundles.filter(({ signed }) => includesSubject(signed.subjects, subject));
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

/** Reads back through discovery what a verifier would find now, and writes once more what a registry has lost from its list. */
async function getListed(
  client: RegistryClient,
  subject: Subject,
  manifests: readonly BundleManifest[],
): Promise<boolean> {
  for (const wait of [...LOOK_AGAIN, undefined]) {
    const { referrers, failures } = await listReferrers(client, subject.digest);
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
