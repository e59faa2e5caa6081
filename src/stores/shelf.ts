// Writes bundles to one repository and makes them findable, first those of the images that the user named.
import { sideBySide } from '../concurrency/side-by-side.ts';
import { settle, type Settled } from '../errors.ts';
import type { StorableBundle, StoredBundle } from '../model/bundle.ts';
import type { Digest } from '../model/digest.ts';
import type { NonEmpty } from '../model/non-empty.ts';
import { formatRepository, isSameRepository } from '../model/reference.ts';
import { type Descriptor, includesSubject, type Subject } from '../model/subject.ts';
import { bundleManifest } from '../registry/bundle-manifest.ts';
import type { RegistryClient } from '../registry/client.ts';
import { readListAhead } from '../registry/fallback-tag.ts';
import type { SharedBlobs } from '../registry/shared-blobs.ts';
import type { SharedTagOptions } from '../registry/shared-tag.ts';
import { ensureBlob, finishUpload } from '../registry/upload.ts';
import { writeManifest } from '../registry/write-manifest.ts';
import { listForReaders, type WrittenManifest } from './listing.ts';
import { type StoreOutcome, together } from './store.ts';

/** Concurrent requests: an index has up to 256 manifests. */
export const WIDTH = 64;

/** A repository that bundles are written to. */
export interface Shelf {
  readonly client: RegistryClient;
  readonly places: readonly Place[];
  /** Open uploads, one for each bundle to be stored: opened early because each costs a round trip. A bundle uses any of them. */
  readonly uploads: URL[];
}

export interface Place {
  /** What to do where the registry refuses what is about an image that it does not have in that repository. */
  readonly ifImageMissing: string;
  /** For the repository that the bundles are written to. */
  readonly client: RegistryClient;
  /** Images with one digest, which can be in another repository. */
  readonly subjects: NonEmpty<Subject>;
  readonly descriptor: Descriptor;
}

interface Written extends WrittenManifest {
  readonly id: Digest;
}

interface Storing {
  /** Images whose lists are written at once. */
  readonly share: number;
  readonly blobs: SharedBlobs;
  /** Called for every image that is done. */
  readonly placed: () => void;
}

/** One blob for each bundle in a repository, for any number of manifests. Everything that was written is listed and reported, even if other writes failed. */
export async function storeOn(
  shelf: Shelf,
  bundles: readonly StorableBundle[],
  { share, blobs, placed }: Storing,
): Promise<StoreOutcome> {
  const places = shelf.places.filter((place) => bundlesFor(place, bundles).length > 0);
  const about = bundles.filter((each) =>
    places.some((place) => bundlesFor(place, [each]).length > 0),
  );
  const { values: pushed, failures } = await settle(
    about.map((each) => pushBlob(each, shelf, blobs)),
  );
  const [named, below] = byName(places);
  // A later run searches at the images that the user named, so the manifests of their indexes are written first.
  const first = await sideBySide(named, WIDTH, async (place) => ({
    ...(await writeTo(place, bundlesFor(place, pushed))),
    listed: Promise.withResolvers<boolean>(),
  }));
  const findable = pushed.map(async (each) => ((await isFindable(each, first)) ? [each] : []));
  const list = (written: Placed, onListed?: () => void): Promise<StoreOutcome> =>
    listPlaced(written, { share, onListed }).finally(placed);
  const outcomes = await Promise.all([
    sideBySide(first, WIDTH, (written) => {
      const { resolve } = written.listed;
      if (isLinked(written)) resolve(true);
      return list(written, () => resolve(true)).finally(() => resolve(false));
    }),
    sideBySide(below, WIDTH, async (place) => {
      const found = (await Promise.all(findable)).flat();
      return list(await writeTo(place, bundlesFor(place, found)));
    }),
  ]);
  return together([{ stored: [], failures }, ...outcomes.flat()]);
}

interface First extends Placed {
  /** Whether readers find what was written there. */
  readonly listed: PromiseWithResolvers<boolean>;
}

/** What a later run cannot find where it searches is signed again by that run, and would then be below it twice. */
async function isFindable(bundle: StorableBundle, first: readonly First[]): Promise<boolean> {
  const about = first.filter(({ place }) => bundlesFor(place, [bundle]).length > 0);
  const found = await Promise.all(
    about.map(
      async ({ values, listed }) =>
        values.some(({ id }) => id === bundle.signed.id) && (await listed.promise),
    ),
  );
  return found.every(Boolean);
}

/** The registry lists what was written. */
function isLinked({ place, values }: Placed): boolean {
  return values.every(({ linkedTo }) => linkedTo === place.subjects[0].digest);
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
  options: Pick<SharedTagOptions, 'share' | 'onListed'>,
): Promise<StoreOutcome> {
  if (written.length === 0) return { stored: [], failures };
  const { client, subjects } = place;
  const listing = await settle([
    listForReaders(client, subjects[0].digest, written, { ...options, ahead }),
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
