// The name of an image and the digest that a builder reported for it.
import { parseDigest } from '../model/digest.ts';
import { parseReference, type PinnedReference } from '../model/reference.ts';
import { isProblem, type Parsed } from '../text/parsed.ts';

/** A digest in the name must equal the other one. */
export function parsePinnedImage(name: string, digest: string): Parsed<PinnedReference> {
  const reference = parseReference(name);
  if (isProblem(reference)) return reference;
  const beside = parseDigest(digest);
  if (isProblem(beside)) return beside;
  const within = reference.value.digest ?? beside.value;
  if (within === beside.value) return { value: { ...reference.value, digest: beside.value } };
  return {
    problem: `"${name}" has another digest beside it: ${beside.value}`,
    remedy: 'write the digest once',
  };
}
