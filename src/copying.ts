// Copies the evidence of accepted images to other repositories, where the same images are: evidence and nothing else, through the stores of signing.
import { IMAGE_MANIFEST } from './cosign/image.ts';
import { ATTESTATION_LAYER, SIGNATURE_LAYER } from './cosign/layer.ts';
import { ActionError, actionErrorsOf, distinct, settle } from './errors.ts';
import {
  BUNDLE_MEDIA_TYPE,
  formatOf,
  type SignedBundle,
  signedBundle,
  type StorableBundle,
  type StoredBundle,
  type VerifiedBundle,
} from './model/bundle.ts';
import type { FoundBundle } from './model/found.ts';
import { digestOf } from './model/digest.ts';
import { groupBy, isNonEmpty, mapEach, type NonEmpty } from './model/non-empty.ts';
import type { Repository } from './model/reference.ts';
import type { CopiedBundle, Copying } from './model/report.ts';
import { parseStatement } from './model/statement.ts';
import { distinctSubjects, formatSubject, includesSubject, type Subject } from './model/subject.ts';
import { SIMPLE_SIGNING_TYPE } from './model/types.ts';
import type { ImageVerdict } from './model/verdict.ts';
import type { Store, StoreOutcome } from './stores/store.ts';
import { payloadIn } from './text/envelope.ts';
import { isRecord, parseJson } from './text/json.ts';
import { isProblem } from './text/parsed.ts';

export interface CopyTarget {
  readonly repository: Repository;
  /** That store in it; one for each format. */
  readonly stores: NonEmpty<Store>;
}

export interface CopyServices {
  readonly targets: NonEmpty<CopyTarget>;
  /** Undefined where there was no room to keep them. */
  readonly bytesOf: (bundle: VerifiedBundle) => FoundBundle | undefined;
  /** The image with the descriptor of its manifest. Throws `ActionError`s. */
  readonly describe: (image: Subject) => Promise<Subject>;
}

/** Copies everything that it can, and reports the rest. */
export async function copyEvidence(
  images: NonEmpty<ImageVerdict>,
  { targets, bytesOf, describe }: CopyServices,
): Promise<Copying> {
  const { values: read, failures: unread } = await settle(
    evidenceOf(images).map(async ({ image, bundle }): Promise<Evidence> => {
      const found = bytesOf(bundle);
      if (!found) throw tooMuch(image);
      const subject = attestationOf(found, image) ?? (await describe(image));
      return { bundle, found, subject };
    }),
  );
  const evidence = groupBy(read, nameOf).map(storable);
  const outcomes = await Promise.all(
    targets.flatMap(({ stores }) => stores.map((store) => storeIn(store, evidence))),
  );
  const stored = outcomes.flatMap((outcome) => outcome.stored);
  return {
    kind: 'done',
    targets: mapEach(targets, ({ repository }) => repository),
    copied: read.map((each) => copiedOf(each, stored)),
    failures: distinct([...unread, ...outcomes.flatMap(({ failures }) => failures)]),
  };
}

/** A bundle of an image, and what it is signed for: the image, or BuildKit's attestation manifest. */
interface Evidence {
  readonly bundle: VerifiedBundle;
  readonly found: FoundBundle;
  readonly subject: Subject;
}

/** What satisfies the policies, each once for an image: nothing that was refused, and nothing that was not required. */
function evidenceOf(
  images: NonEmpty<ImageVerdict>,
): readonly { readonly image: Subject; readonly bundle: VerifiedBundle }[] {
  return images.flatMap(({ subject: image, verdict }) => {
    if (!image || verdict.outcome !== 'accepted') return [];
    const acceptances = verdict.evidence.flatMap((each) => each.acceptances);
    const bundles = new Set(acceptances.map(({ bundle }) => bundle));
    return [...bundles].map((bundle) => ({ image, bundle }));
  });
}

/** The manifest that was signed in place of the image: it has been read. */
function attestationOf({ attested }: FoundBundle, { repository }: Subject): Subject | undefined {
  if (!attested) return undefined;
  const { manifest } = attested;
  const digest = digestOf(manifest);
  // image-spec manifest.md, "mediaType": it should be there, and need not.
  const mediaType = mediaTypeIn(manifest) ?? IMAGE_MANIFEST;
  return { repository, digest, readAs: { mediaType, digest, size: manifest.length } };
}

function nameOf({ found }: Evidence): string {
  return `${found.layer ? 'layer' : 'bundle'} ${digestOf(found.json)}`;
}

/** One bundle, however many images it was found at. */
function storable(found: NonEmpty<Evidence>): StorableBundle {
  const [{ bundle, found: first }] = found;
  const subjects = distinctSubjects(mapEach(found, ({ subject }) => subject));
  return { signed: signedOf(first, subjects), verified: bundle };
}

function signedOf(
  { json, layer: blob, annotations = {} }: FoundBundle,
  subjects: NonEmpty<Subject>,
): SignedBundle {
  const payload = payloadIn(json);
  const statement = payload ? parseStatement(payload) : undefined;
  const predicateType =
    statement && !isProblem(statement) ? statement.value.predicateType : SIMPLE_SIGNING_TYPE;
  if (!blob) {
    // Each version of bundles has a type of its own.
    const mediaType = mediaTypeIn(json) ?? BUNDLE_MEDIA_TYPE;
    return signedBundle({ subjects, predicateType, json, mediaType });
  }
  const mediaType = payload ? ATTESTATION_LAYER : SIGNATURE_LAYER;
  return signedBundle({ subjects, predicateType, json, layer: { mediaType, blob, annotations } });
}

function mediaTypeIn(document: Buffer): string | undefined {
  const json = parseJson(document.toString());
  const type = isRecord(json) ? json['mediaType'] : undefined;
  return typeof type === 'string' ? type : undefined;
}

async function storeIn(store: Store, evidence: readonly StorableBundle[]): Promise<StoreOutcome> {
  const bundles = evidence.filter(({ signed }) =>
    store.takes(signed.predicateType, formatOf(signed)),
  );
  const subjects = bundles.flatMap(({ signed }) => signed.subjects);
  if (!isNonEmpty(subjects)) return { stored: [], failures: [] };
  try {
    const prepared = await store.prepare(distinctSubjects(subjects), []);
    return await prepared.store(bundles);
  } catch (error) {
    return { stored: [], failures: actionErrorsOf(error) };
  }
}

function copiedOf(
  { bundle, found, subject }: Evidence,
  stored: readonly StoredBundle[],
): CopiedBundle {
  const id = digestOf(found.json);
  const here = stored.filter((each) => each.id === id && includesSubject(each.subjects, subject));
  return { bundle, stored: here };
}

function tooMuch(image: Subject): ActionError {
  return new ActionError('service', 'LIMIT_EXCEEDED', {
    message: `Cannot copy all evidence of "${formatSubject(image)}": the evidence of all images of this step is too large to be kept in memory`,
    remedy: 'verify and copy fewer images in one step',
  });
}
