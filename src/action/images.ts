// The images of a step, from `images` with `digest` and from the report of a build: by digest for signing, also by tag for the gate.
import { type Digest, parseDigest } from '../model/digest.ts';
import { isNonEmpty, type NonEmpty } from '../model/non-empty.ts';
import {
  formatImage,
  isPinned,
  parseReference,
  type PinnedReference,
  type Reference,
} from '../model/reference.ts';
import { readBuiltImages } from './built-images.ts';
import { readImagesInFiles } from './deployment-files.ts';
import type { Environment } from './environment.ts';
import type { RawInputs } from './inputs.ts';
import { listOf, type Problems } from './problems.ts';
import { isWithoutSecrets } from './skip.ts';

const FROM_BUILD =
  'set "digest: ${{ steps.build.outputs.digest }}"; if it is set already, the expression is empty: the build step needs "id: build" and "push: true" (or "outputs: type=registry")';

/** Undefined, with the problems noted, if an image could not be parsed. */
export async function readImagesToSign(
  inputs: RawInputs,
  environment: Environment,
  problems: Problems,
): Promise<NonEmpty<PinnedReference> | undefined> {
  if (isWithoutSecrets(inputs, environment)) {
    checkForms(inputs, problems);
    return undefined;
  }
  const built = await readBuiltImages(inputs, environment, problems);
  const references = parseReferences(inputs, built, problems, refuseWithoutDigest);
  if (inputs['registry-username'] !== '') refuseSeveralRegistries(references, problems);
  return isNonEmpty(references) && isEachPinned(references) ? references : undefined;
}

/** Nothing could be pushed, so a digest may be missing and the report of the build is of no use. */
function checkForms({ images, digest }: RawInputs, problems: Problems): void {
  if (digest !== '') problems.take('digest', parseDigest(digest));
  for (const text of listOf(images)) problems.take('images', parseReference(text));
}

/** Undefined, with the problem noted, if there is no image. */
export async function readImagesToVerify(
  inputs: RawInputs,
  environment: Environment,
  problems: Problems,
): Promise<NonEmpty<Reference> | undefined> {
  const built = await readBuiltImages(inputs, environment, problems);
  const inFiles = inputs.files === '' ? [] : await readImagesInFiles(inputs, environment, problems);
  // Without a mode, the purpose of the images is unknown.
  const refuseUnnamed = inputs.mode === 'verify' ? refuseWithoutTag : (): void => undefined;
  const named = parseReferences(inputs, built, problems, refuseUnnamed);
  const references = withPlaces(named, inFiles);
  if (inputs['registry-username'] !== '') refuseSeveralRegistries(references, problems);
  return isNonEmpty(references) ? references : undefined;
}

/** An image that a file also names is one image, with the places in the file. */
function withPlaces(
  named: readonly Reference[],
  inFiles: readonly Reference[],
): readonly Reference[] {
  const isSame = (one: Reference, other: Reference): boolean =>
    formatImage(one) === formatImage(other);
  const others = inFiles.filter((each) => !named.some((one) => isSame(one, each)));
  return [
    ...named.map((one) => ({ ...inFiles.find((each) => isSame(one, each)), ...one })),
    ...others,
  ];
}

function isEachPinned(references: NonEmpty<Reference>): references is NonEmpty<PinnedReference> {
  return references.every(isPinned);
}

type Refuse = (references: readonly Reference[], problems: Problems) => void;

/** The references, each with the `digest` input unless it has a digest of its own; references without any digest are rejected. Built images have digests. */
function parseReferences(
  inputs: RawInputs,
  built: readonly PinnedReference[],
  problems: Problems,
  refuseUnnamed: Refuse,
): readonly Reference[] {
  const digest =
    inputs.digest === '' ? undefined : problems.take('digest', parseDigest(inputs.digest));
  const texts = listOf(inputs.images);
  // The problem with "metadata" was already noted.
  const isNoneNamed = texts.length === 0 && built.length === 0;
  if (isNoneNamed && inputs.metadata === '' && inputs.files === '') refuseNoImage(problems);
  const written = texts
    .map((text) => problems.take('images', parseReference(text)))
    .filter((reference) => reference !== undefined);
  const references = [...written, ...built];
  if (inputs.digest === '') refuseUnnamed(references, problems);
  return references.map((reference) => withDigest(reference, digest));
}

function refuseNoImage(problems: Problems): void {
  problems.add(
    'INPUT_MISSING',
    'Missing required input "images"',
    'list the images, one per line: images: ghcr.io/owner/name; or pass what was built: metadata: ${{ steps.build.outputs.metadata }}',
  );
}

function withDigest(reference: Reference, digest: Digest | undefined): Reference {
  return reference.digest === undefined && digest !== undefined
    ? { ...reference, digest }
    : reference;
}

/** A tag can move between the build and the signature; only the digest identifies what was built. */
function refuseWithoutDigest(references: readonly Reference[], problems: Problems): void {
  for (const { text } of references.filter((reference) => !isPinned(reference))) {
    problems.add(
      'INPUT_MISSING',
      `Cannot sign "${text}": it has no digest, and a tag may have moved since the build`,
      FROM_BUILD,
    );
  }
}

function refuseWithoutTag(references: readonly Reference[], problems: Problems): void {
  const unnamed = references.filter(({ digest, tag }) => digest === undefined && tag === undefined);
  for (const { text } of unnamed) {
    problems.add(
      'INPUT_MISSING',
      `Cannot verify "${text}": it has neither a tag nor a digest`,
      'add the tag or the digest that you are about to deploy',
    );
  }
}

/** Credentials belong to one registry, and are not sent to another. */
function refuseSeveralRegistries(references: readonly Reference[], problems: Problems): void {
  const registries = [...new Set(references.map(({ repository }) => repository.registry))];
  if (registries.length < 2) return;
  problems.add(
    'INPUT_CONFLICT',
    `Cannot use "registry-username": the images are in ${registries.join(' and ')}`,
    'log in to each with docker/login-action, and remove "registry-username" and "registry-password"',
  );
}
