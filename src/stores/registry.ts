// Stores bundles next to the image in its registry: OCI 1.1 referrers, listed in the fallback tag if the registry does not list them itself.
import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError, ActionErrors, actionErrorsOf, allOrProblems, settle } from '../errors.ts';
import type { SignedBundle, StoredBundle } from '../model/bundle.ts';
import { formatRepository } from '../model/reference.ts';
import { type Descriptor, formatSubject, type Subject } from '../model/subject.ts';
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
    async prepare(subjects, predicates) {
      const places = await allOrProblems(
        subjects.map((subject) => preparePlace(clientFor(subject), subject, predicates.length)),
      );
      return {
        takes: () => true,
        async store(bundles) {
          const outcomes = await Promise.all(
            places.map((place) =>
              storeAt(
                place,
                bundles.filter((bundle) => isAbout(bundle, place)),
                places.length,
              ),
            ),
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
  /** One open upload for each bundle, opened early because each costs a round trip. */
  readonly uploads: readonly URL[];
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
  return { client, subject, descriptor, uploads };
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

function isAbout({ subjects }: SignedBundle, { subject }: Place): boolean {
  return subjects.some((each) => formatSubject(each) === formatSubject(subject));
}

/** Everything that was written is listed and reported, even if other writes failed. */
async function storeAt(
  { client, subject, descriptor, uploads }: Place,
  bundles: readonly SignedBundle[],
  share: number,
): Promise<StoreOutcome> {
  const created = new Date();
  const { values: manifests, failures } = await settle(
    bundles.map(async ({ json, predicateType }, index) => {
      const upload = uploads[index] ?? (await startUpload(client));
      await finishUpload(client, upload, json);
      const manifest = bundleManifest({
        subject: descriptor,
        bundle: json,
        predicateType,
        created,
      });
      const { linkedTo } = await writeManifest(client, manifest.referrer.digest, manifest);
      return { ...manifest, predicateType, linkedTo };
    }),
  );
  const listing =
    manifests.length > 0
      ? await settle([listAll(client, subject, manifests, share)])
      : { failures: [] };
  const stored =
    listing.failures.length > 0
      ? []
      : manifests.map(({ referrer, predicateType }): StoredBundle => ({
          store: 'registry',
          subject,
          predicateType,
          referrer: referrer.digest,
          place: `${formatRepository(subject.repository)}@${referrer.digest}`,
        }));
  return { stored, failures: [...failures, ...listing.failures] };
}

async function listAll(
  client: RegistryClient,
  subject: Subject,
  manifests: readonly (BundleManifest & { readonly linkedTo: string | null })[],
  share: number,
): Promise<void> {
  // distribution-spec, "Pushing Manifests with Subject": no OCI-Subject means that the client keeps the list.
  const isLinked = manifests.every(({ linkedTo }) => linkedTo === subject.digest);
  if (isLinked && (await getListed(client, subject, manifests))) return;
  await listInFallbackTag(
    client,
    subject.digest,
    manifests.map(({ referrer }) => referrer),
    { share },
  );
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
