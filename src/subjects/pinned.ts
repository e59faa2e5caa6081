// The subjects to sign: the manifests in references with a digest, without a request.
import { mapEach, type NonEmpty } from '../model/non-empty.ts';
import type { PinnedReference } from '../model/reference.ts';
import type { Subject } from '../model/subject.ts';

/** In the order of the inputs. A tag before the digest has no effect: it may have moved since the build. */
export function pinnedSubjects(images: NonEmpty<PinnedReference>): NonEmpty<Subject> {
  return mapEach(images, ({ repository, digest }) => ({ repository, digest }));
}
