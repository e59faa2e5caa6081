// Where a registry stores the signatures and attestations of an image: with the image, or in another repository.
import type { Repository } from './reference.ts';

export type EvidencePlace =
  | { readonly kind: 'with-image' }
  | { readonly kind: 'repository'; readonly repository: Repository };

export const WITH_IMAGE: EvidencePlace = { kind: 'with-image' };

/** The repository with the evidence for an image in `image`. */
export function evidenceRepository(place: EvidencePlace, image: Repository): Repository {
  return place.kind === 'repository' ? place.repository : image;
}
