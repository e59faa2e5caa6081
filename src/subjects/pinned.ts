// What is to be signed: the manifests that references with a digest name, which nobody has to be asked for.
import { mapEach, type NonEmpty } from '../model/non-empty.ts';
import type { PinnedReference } from '../model/reference.ts';
import type { Subject } from '../model/subject.ts';

/** In the order written. A tag beside the digest plays no part: it may have moved since the build. */
export function pinnedSubjects(images: NonEmpty<PinnedReference>): NonEmpty<Subject> {
  return mapEach(images, ({ repository, digest }) => ({ repository, digest }));
}
