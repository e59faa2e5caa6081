// Stores bundles in a registry, next to the image or in another repository: OCI 1.1 referrers, listed in the fallback tag if the registry does not list them itself.
import { allOrProblems, throwOnePerRemedy } from '../errors.ts';
import { groupBy, mapEach, type NonEmpty } from '../model/non-empty.ts';
import { formatRepository } from '../model/reference.ts';
import { namedIn, type Subject } from '../model/subject.ts';
import { EMPTY_JSON } from '../registry/bundle-manifest.ts';
import type { RegistryClient } from '../registry/client.ts';
import { type OnManifest, readSubject } from '../registry/read-subject.ts';
import { SharedBlobs } from '../registry/shared-blobs.ts';
import { openUploads } from '../registry/upload.ts';
import { type Place, type Shelf, storeOn, WIDTH } from './shelf.ts';
import { type Store, together } from './store.ts';

type ClientFor = (subject: Subject) => RegistryClient;

export interface RegistryClients {
  /** For the repository of the image. */
  readonly clientFor: ClientFor;
  /** For the repository with the signatures and attestations of the image. */
  readonly evidenceFor: ClientFor;
  /** What to do where the registry refuses what is about an image that it does not have in that repository. */
  readonly ifImageMissing: string;
  /** Receives the manifest of each image that the user named. */
  readonly onManifest?: OnManifest;
}

export function registryStore(clients: RegistryClients): Store {
  const takes: Store['takes'] = (_predicateType, format) => format === 'bundle';
  return {
    name: 'registry',
    takes,
    async prepare(subjects, claims) {
      const shelves = await allOrProblems(
        groupBy(subjects, (subject) =>
          formatRepository(clients.evidenceFor(subject).repository),
        ).map((each) => prepareShelf(each, clients, claims.length)),
      );
      const share = Math.min(subjects.length, WIDTH);
      const blobs = new SharedBlobs();
      const of = shelves.reduce((sum, { places }) => sum + places.length, 0);
      let done = 0;
      return {
        takes,
        places: shelves.map(({ client }) => formatRepository(client.repository)),
        async store(bundles, onPlaced = () => undefined) {
          const placed = (): void => onPlaced(++done, of);
          return together(
            await Promise.all(
              shelves.map((shelf) => storeOn(shelf, bundles, { share, blobs, placed })),
            ),
          );
        },
      };
    },
  };
}

async function prepareShelf(
  subjects: NonEmpty<Subject>,
  clients: RegistryClients,
  claims: number,
): Promise<Shelf> {
  const client = clients.evidenceFor(subjects[0]);
  // One statement is about an image, in all of its repositories, and every manifest of its index.
  const statements = new Set(namedIn(subjects).map(({ digest }) => digest)).size;
  // Copies of an image in several repositories may have their evidence in one.
  const images = groupBy(subjects, ({ digest }) => digest);
  const [places, uploads] = await allOrProblems([
    allOrProblems(images.map((each) => preparePlace(each, client, clients))),
    openUploads(client, claims * statements, EMPTY_JSON),
  ] as const).catch(throwOnePerRemedy);
  return { client, places, uploads: [...uploads] };
}

/** The manifests of an index existed when the index was pushed, so only images that the user named are read. */
async function preparePlace(
  subjects: NonEmpty<Subject>,
  client: RegistryClient,
  { clientFor, ifImageMissing, onManifest }: RegistryClients,
): Promise<Place> {
  const [descriptor] = await allOrProblems(
    mapEach(
      subjects,
      async (subject) =>
        subject.listedAs ?? subject.readAs ?? readSubject(clientFor(subject), subject, onManifest),
    ),
  );
  return { client, subjects, descriptor, ifImageMissing };
}
