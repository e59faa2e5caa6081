// What is to be signed: the manifests that references with a digest name, which nobody has to be asked for.
import { mapEach, type NonEmpty } from '../model/non-empty.ts';
import type { PinnedReference } from '../model/reference.ts';
import type { Subject } from '../model/subject.ts';

/** Every subject of what the user wrote, in that order. */
export type ResolvePinned = (images: NonEmpty<PinnedReference>) => Promise<NonEmpty<Subject>>;

/** A tag beside the digest plays no part: it may have moved since the build. */
export const resolvePinned: ResolvePinned = (images) =>
  Promise.resolve(mapEach(images, ({ repository, digest }) => ({ repository, digest })));
