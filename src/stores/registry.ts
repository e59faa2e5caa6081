// Stores bundles in a registry, next to the image or in another repository: OCI 1.1 referrers, listed in the fallback tag if the registry does not list them itself.
import { counter } from '../concurrency/counter.ts';
import { sideBySide } from '../concurrency/side-by-side.ts';
import { allOrProblems, settle, type Settled, throwOnePerRemedy } from '../errors.ts';
import type { StorableBundle, StoredBundle } from '../model/bundle.ts';
import type { Digest } from '../model/digest.ts';
import { groupBy, mapEach, type NonEmpty } from '../model/non-empty.ts';
import { formatRepository, isSameRepository } from '../model/reference.ts';
import { type Descriptor, includesSubject, namedIn, type Subject } from '../model/subject.ts';
import { bundleManifest, EMPTY_JSON } from '../registry/bundle-manifest.ts';
import type { RegistryClient } from '../registry/client.ts';
import { readListAhead } from '../registry/fallback-tag.ts';
import { ensureBlob, finishUpload, openUploads } from '../registry/upload.ts';
import { SharedBlobs } from '../registry/shared-blobs.ts';
import { type OnManifest, readSubject } from '../registry/read-subject.ts';
import { writeManifest } from '../registry/write-manifest.ts';
import { listForReaders, type WrittenManifest } from './listing.ts';
import { type Store, type StoreOutcome, together } from './store.ts';

/** Concurrent requests: an index has up to 256 manifests. */
const WIDTH = 64;

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
      return {
        takes,
        places: shelves.map(({ client }) => formatRepository(client.repository)),
        async store(bundles, onPlaced = () => undefined) {
          const of = shelves.reduce((sum, { places }) => sum + places.length, 0);
          const placed = counter(of, onPlaced);
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

/** A repository that bundles are written to. */
interface Shelf {
  readonly client: RegistryClient;
  readonly places: readonly Place[];
  /** Open uploads, one for each bundle to be stored: opened early because each costs a round trip. A bundle uses any of them. */
  readonly uploads: URL[];
}

interface Place extends Pick<RegistryClients, 'ifImageMissing'> {
  /** For the repository that the bundles are written to. */
  readonly client: RegistryClient;
  /** Images with one digest, which can be in another repository. */
  readonly subjects: NonEmpty<Subject>;
  readonly descriptor: Descriptor;
}

interface Written extends WrittenManifest {
  readonly id: Digest;
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

interface Storing {
  /** Images whose lists are written at once. */
  readonly share: number;
  readonly blobs: SharedBlobs;
  /** Called for every image that is done. */
  readonly placed: () => void;
}

/** One blob for each bundle in a repository, for any number of manifests. Everything that was written is listed and reported, even if other writes failed. */
async function storeOn(
  shelf: Shelf,
  bundles: readonly StorableBundle[],
  { share, blobs, placed }: Storing,
): Promise<StoreOutcome> {
  const about = bundles.filter((each) =>
    shelf.places.some((place) => bundlesFor(place, [each]).length > 0),
  );
  const { values: pushed, failures } = await settle(
    about.map((each) => pushBlob(each, shelf, blobs)),
  );
  const writeAt = (place: Place): Promise<Placed> => writeTo(place, bundlesFor(place, pushed));
  const [named, below] = byName(shelf.places);
  // A later run searches at the images that the user named, so the manifests of their indexes are written first.
  const first = await sideBySide(named, WIDTH, writeAt);
  const list = (written: Placed): Promise<StoreOutcome> =>
    listPlaced(written, share).finally(placed);
  const outcomes = await Promise.all([
    sideBySide(first, WIDTH, list),
    sideBySide(below, WIDTH, async (place) => list(await writeAt(place))),
  ]);
  return together([{ stored: [], failures }, ...outcomes.flat()]);
}

function byName(places: readonly Place[]): readonly [readonly Place[], readonly Place[]] {
  const isNamed = ({ subjects }: Place): boolean =>
    subjects.some(({ listedAs }) => listedAs === undefined);
  return [places.filter(isNamed), places.filter((place) => !isNamed(place))];
}

async function pushBlob(
  bundle: StorableBundle,
  { client, uploads }: Shelf,
  blobs: SharedBlobs,
): Promise<StorableBundle> {
  const { json } = bundle.signed;
  await blobs.put(client, json, () => {
    const upload = uploads.pop();
    return upload ? finishUpload(client, upload, json) : ensureBlob(client, json);
  });
  return bundle;
}

function bundlesFor(
  { subjects }: Place,
  bundles: readonly StorableBundle[],
): readonly StorableBundle[] {
  return bundles.filter(({ signed }) =>
    subjects.some((subject) => includesSubject(signed.subjects, subject)),
  );
}

interface Placed extends Settled<Written> {
  readonly place: Place;
  readonly ahead: ReturnType<typeof readListAhead>;
}

async function writeTo(place: Place, bundles: readonly StorableBundle[]): Promise<Placed> {
  const ahead = readListAhead(place.client, place.subjects[0].digest);
  return { place, ahead, ...(await settle(bundles.map((bundle) => write(bundle, place)))) };
}

async function listPlaced(
  { place, ahead, values: written, failures }: Placed,
  share: number,
): Promise<StoreOutcome> {
  if (written.length === 0) return { stored: [], failures };
  const { client, subjects } = place;
  const listing = await settle([
    listForReaders(client, subjects[0].digest, written, { share, ahead }),
  ]);
  if (listing.failures.length > 0) {
    return { stored: [], failures: [...failures, ...listing.failures] };
  }
  return { stored: written.map((each) => storedIn(place, each)), failures };
}

async function write(bundle: StorableBundle, place: Place): Promise<Written> {
  const { client, descriptor } = place;
  const { id, json, mediaType, predicateType } = bundle.signed;
  const manifest = bundleManifest({
    subject: descriptor,
    bundle: json,
    mediaType,
    predicateType,
    created: signingTime(bundle),
  });
  const { linkedTo } = await writeManifest(client, manifest.referrer.digest, manifest, {
    ...(isElsewhere(place) ? { remedy: remedyAt(place) } : {}),
  });
  return { id, manifest, linkedTo };
}

/** The date of the manifest: a bundle that is stored again has the same manifest, at any time and place, even if its time of signing is unknown. */
function signingTime({ verified: { times } }: StorableBundle): Date {
  const [earliest = 0] = times.map(({ time }) => time.getTime()).sort((a, b) => a - b);
  return new Date(earliest);
}

function isElsewhere({ client, subjects }: Place): boolean {
  return subjects.some(({ repository }) => !isSameRepository(repository, client.repository));
}

/** distribution-spec, "Pushing Manifests with Subject": a registry must accept a subject that it does not have, and some do not. */
function remedyAt({ ifImageMissing }: Place): (status: number, usual: string) => string {
  return (status, usual) => ([400, 404, 409, 422].includes(status) ? ifImageMissing : usual);
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
