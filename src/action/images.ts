// `images` and `digest` as the step was given them.
import { type Digest, parseDigest } from '../model/digest.ts';
import { parseReference, type Reference } from '../model/reference.ts';
import type { RawInputs } from './inputs.ts';
import { listOf, type Problems } from './problems.ts';

const FROM_BUILD =
  'set "digest: ${{ steps.build.outputs.digest }}"; if it is set already, the expression is empty: the build step needs "id: build" and "push: true" (or "outputs: type=registry")';

/** The references, each with the digest of the `digest` input where it has none of its own. */
export function parseImages(inputs: RawInputs, problems: Problems): readonly Reference[] {
  const digest =
    inputs.digest === '' ? undefined : problems.take('digest', parseDigest(inputs.digest));
  const texts = listOf(inputs.images);
  if (texts.length === 0)
    problems.add(
      'INPUT_MISSING',
      'Missing required input "images"',
      'list the images, one per line: images: ghcr.io/owner/name',
    );
  const references = texts
    .map((text) => problems.take('images', parseReference(text)))
    .filter((reference) => reference !== undefined);
  if (inputs.mode === 'sign') refuseWithoutDigest(references, inputs, problems);
  if (inputs.mode === 'verify') refuseWithoutTag(references, inputs, problems);
  if (inputs['registry-username'] !== '') refuseSeveralRegistries(references, problems);
  return references.map((reference) => withDigest(reference, digest));
}

function withDigest(reference: Reference, digest: Digest | undefined): Reference {
  return reference.digest === undefined && digest !== undefined
    ? { ...reference, digest }
    : reference;
}

/** A tag can move between the build and the signature; only the digest identifies what was built. */
function refuseWithoutDigest(
  references: readonly Reference[],
  inputs: RawInputs,
  problems: Problems,
): void {
  if (inputs.digest !== '') return;
  for (const { text } of references.filter((reference) => reference.digest === undefined)) {
    problems.add(
      'INPUT_MISSING',
      `Cannot sign "${text}": it has no digest, and a tag may have moved since the build`,
      FROM_BUILD,
    );
  }
}

function refuseWithoutTag(
  references: readonly Reference[],
  inputs: RawInputs,
  problems: Problems,
): void {
  if (inputs.digest !== '') return;
  for (const { text } of references.filter(
    ({ digest, tag }) => digest === undefined && tag === undefined,
  )) {
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
