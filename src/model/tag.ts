// A tag of an image that this step signs: the requested tag and its result.
import type { Digest } from './digest.ts';
import { formatRepository } from './reference.ts';
import type { Subject } from './subject.ts';

/** A tag that an image gets once it is signed and stored. */
export interface ImageTag {
  readonly subject: Subject;
  readonly tag: string;
}

/** A tag that the registry now resolves to the image. */
export interface TaggedImage extends ImageTag {
  /** The previous digest of the tag; undefined for a new tag. */
  readonly before: Digest | undefined;
}

/** `ghcr.io/acme/app:v1`. */
export function formatTag({ subject, tag }: ImageTag): string {
  return `${formatRepository(subject.repository)}:${tag}`;
}

/** `sha256:… → sha256:…`, `new → sha256:…`, `unchanged, sha256:…`. */
export function describeMove({ subject, before }: TaggedImage): string {
  const after = subject.digest;
  return before === after ? `unchanged, ${after}` : `${before ?? 'new'} → ${after}`;
}
