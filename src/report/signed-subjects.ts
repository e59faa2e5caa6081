// The subjects of a bundle in words: the images that the user named, and the number of manifests in their indexes.
import type { NonEmpty } from '../model/non-empty.ts';
import { formatSubject, namedIn, type Subject } from '../model/subject.ts';

export interface SignedSubjects {
  /** Each `ghcr.io/acme/app@sha256:…`. */
  readonly images: NonEmpty<string>;
  /** `and 16 manifests of its index`; empty if there are none. */
  readonly others: string;
}

export function signedSubjects(subjects: NonEmpty<Subject>): SignedSubjects {
  const [first, ...more] = namedIn(subjects);
  const digests = new Set(subjects.map(({ digest }) => digest));
  const count = digests.size - 1;
  const noun = count === 1 ? 'manifest' : 'manifests';
  return {
    images: [formatSubject(first), ...more.map(formatSubject)],
    others: count === 0 ? '' : `and ${count} ${noun} of its index`,
  };
}
