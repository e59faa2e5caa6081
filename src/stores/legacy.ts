// Stores signatures and attestations for cosign v2: in the tags `sha256-<hex>.sig` and `.att` next to the image, or in another repository.
import { sideBySide } from '../concurrency/side-by-side.ts';
import { SIGNATURE_LAYER } from '../cosign/layer.ts';
import { allOrProblems, settle, throwOnePerRemedy } from '../errors.ts';
import type { SignedLayer, StorableBundle, StoredBundle } from '../model/bundle.ts';
import type { Claim } from '../model/claim.ts';
import { digestOf } from '../model/digest.ts';
import { groupBy, isNonEmpty, mapEach, type NonEmpty } from '../model/non-empty.ts';
import { formatRepository, isSameRepository } from '../model/reference.ts';
import { includesSubject, type Subject } from '../model/subject.ts';
import type { RegistryClient } from '../registry/client.ts';
import { ensureBlob, finishUpload, startUpload } from '../registry/upload.ts';
import { SharedBlobs } from '../registry/shared-blobs.ts';
import { readSubject } from '../registry/read-subject.ts';
import type { RegistryClients } from './registry.ts';
import {
  addToSignatureImage,
  assertRoomFor,
  signatureTag,
  type SignatureTag,
} from './signature-image.ts';
import { type Store, type StoreOutcome, together } from './store.ts';

/** Concurrent requests: an index has up to 256 manifests. */
const WIDTH = 64;

export function legacyStore(clients: RegistryClients): Store {
  const takes: Store['takes'] = (_predicateType, format) => format === 'layer';
  return {
    name: 'legacy',
    takes,
    async prepare(subjects, claims) {
      const shelves = await allOrProblems(
        groupBy(subjects, (subject) =>
          formatRepository(clients.evidenceFor(subject).repository),
        ).map((each) => prepareShelf(each, clients, claims)),
      );
      const blobs = new SharedBlobs();
      const of = shelves.reduce((sum, { places }) => sum + places.length, 0);
      let done = 0;
      return {
        takes,
        places: shelves.map(({ client }) => `${formatRepository(client.repository)} (cosign v2)`),
        async store(bundles, onPlaced = () => undefined) {
          const placed = (): void => onPlaced(++done, of);
          return together(
            await Promise.all(shelves.map((shelf) => storeOn(shelf, bundles, { blobs, placed }))),
          );
        },
      };
    },
  };
}

/** A repository that layers are written to. */
interface Shelf {
  readonly client: RegistryClient;
  /** Images with one digest, which can be in another repository. */
  readonly places: readonly NonEmpty<Subject>[];
  /** Open uploads; opening one proves that the credentials allow pushing. */
  readonly uploads: URL[];
}

async function prepareShelf(
  subjects: NonEmpty<Subject>,
  { clientFor, evidenceFor, onManifest }: RegistryClients,
  claims: readonly Claim[],
): Promise<Shelf> {
  const client = evidenceFor(subjects[0]);
  const places = groupBy(subjects, ({ digest }) => digest);
  // The manifests of an index existed when the index was pushed.
  const unread = subjects.filter(({ listedAs, readAs }) => !listedAs && !readAs);
  const [upload] = await allOrProblems([
    startUpload(client),
    allOrProblems(unread.map((subject) => readSubject(clientFor(subject), subject, onManifest))),
    sideBySide(places, WIDTH, (place) => assertRoom(client, place, claims)),
  ] as const).catch(throwOnePerRemedy);
  return { client, places, uploads: [upload] };
}

/** For every layer to be stored: a signature in each repository of the image, and one attestation for all of them. */
async function assertRoom(
  client: RegistryClient,
  place: NonEmpty<Subject>,
  claims: readonly Claim[],
): Promise<void> {
  const signatures = claims.filter(({ kind }) => kind === 'signature').length;
  const room = { sig: signatures * place.length, att: claims.length - signatures };
  await allOrProblems([
    assertRoomFor(client, place[0].digest, 'sig', room.sig),
    assertRoomFor(client, place[0].digest, 'att', room.att),
  ]);
}

/** A layer as a bundle has it. */
type StorableLayer = StorableBundle & { readonly layer: SignedLayer };

/** One blob for each layer in a repository, for any number of images. Everything that was written is reported, even if other writes failed. */
async function storeOn(
  shelf: Shelf,
  bundles: readonly StorableBundle[],
  { blobs: shared, placed }: { readonly blobs: SharedBlobs; readonly placed: () => void },
): Promise<StoreOutcome> {
  const { client, uploads } = shelf;
  const all = layersIn(bundles);
  const places = shelf.places.filter((place) =>
    all.some((each) => subjectsOf(each, place).length > 0),
  );
  const layers = all.filter((each) => places.some((place) => subjectsOf(each, place).length > 0));
  const blobs = groupBy(layers, ({ layer: { blob } }) => digestOf(blob));
  const { values: pushed, failures } = await settle(
    blobs.map(async (each) => {
      const { blob } = each[0].layer;
      await shared.put(client, blob, () => pushBlob(client, blob, uploads.pop()));
      return each;
    }),
  );
  const share = Math.min(shelf.places.length, WIDTH);
  const outcomes = await sideBySide(places, WIDTH, (place) =>
    storeAt(client, place, pushed.flat(), share).finally(placed),
  );
  return together([{ stored: [], failures }, ...outcomes]);
}

function layersIn(bundles: readonly StorableBundle[]): readonly StorableLayer[] {
  return bundles.flatMap((each) => {
    const { layer } = each.signed;
    return layer ? [{ ...each, layer }] : [];
  });
}

function subjectsOf({ signed }: StorableLayer, place: NonEmpty<Subject>): readonly Subject[] {
  return place.filter((subject) => includesSubject(signed.subjects, subject));
}

/** Signing again signs the same payload, so a blob may exist already. */
function pushBlob(client: RegistryClient, blob: Buffer, upload: URL | undefined): Promise<void> {
  return upload ? finishUpload(client, upload, blob) : ensureBlob(client, blob);
}

/** All layers of a tag in one update. */
async function storeAt(
  client: RegistryClient,
  place: NonEmpty<Subject>,
  layers: readonly StorableLayer[],
  share: number,
): Promise<StoreOutcome> {
  const here = layers.filter((each) => subjectsOf(each, place).length > 0);
  const { values, failures } = await settle(
    groupBy(here, tagOf).map(async (each) => {
      const tag = tagOf(each[0]);
      const [{ digest }] = place;
      const added = mapEach(each, ({ layer }) => layer);
      await addToSignatureImage(client, digest, tag, added, { share });
      return each.flatMap((layer) => storedIn(client, place, layer));
    }),
  );
  return { stored: values.flat(), failures };
}

function tagOf({ layer: { mediaType } }: StorableLayer): SignatureTag {
  return mediaType === SIGNATURE_LAYER ? 'sig' : 'att';
}

function storedIn(
  client: RegistryClient,
  place: NonEmpty<Subject>,
  layer: StorableLayer,
): readonly StoredBundle[] {
  const subjects = subjectsOf(layer, place);
  if (!isNonEmpty(subjects)) return [];
  const { repository } = client;
  const isElsewhere = subjects.some((each) => !isSameRepository(each.repository, repository));
  return [
    {
      id: layer.signed.id,
      store: 'legacy',
      subjects,
      place: `${formatRepository(repository)}:${signatureTag(subjects[0].digest, tagOf(layer))}`,
      ...(isElsewhere ? { repository } : {}),
    },
  ];
}
