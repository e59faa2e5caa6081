// The role of tagging images, once they are stored.
import type { ActionError } from '../errors.ts';
import type { StoredBundle } from '../model/bundle.ts';
import type { Tagging } from '../model/report.ts';
import type { ImageTag, TaggedImage } from '../model/tag.ts';

export interface Tagger {
  /** Finds and throws all problems that could fail later; writes nothing permanent. Without tags it sends no request. */
  prepare(tags: readonly ImageTag[]): Promise<PreparedTags>;
}

export interface PreparedTags {
  /** As they would be written now. */
  readonly planned: readonly TaggedImage[];
  /** Tags stored images, if nothing failed to be stored; never throws, so that every written tag is reported. */
  write(outcome: {
    readonly stored: readonly StoredBundle[];
    readonly failures: readonly ActionError[];
  }): Promise<Tagging>;
}
