// The forms of tags with several writers: which manifests such a tag can contain, what their entries are, and how entries are added.
import type { ListedEntry } from '../text/list-entries.ts';
import type { Parsed } from '../text/parsed.ts';
import type { Manifest } from './content.ts';

export interface TagForm {
  readonly tag: string;
  /** Follows the name of the tag if it contains something else: `is not a list of referrers`. */
  readonly isNot: string;
  /** Why the tag with this manifest must not be changed, to follow `isNot`; undefined if it can be changed. */
  readonly whyNot: (current: Manifest) => string | undefined;
  /** The remedy if it must not be changed. */
  readonly instead: string;
  /** The remedy if it is full. */
  readonly makeRoom: string;
  readonly entriesIn: (manifest: Buffer) => readonly ListedEntry[];
  /** The text of a problem follows the name of the tag. */
  readonly extend: (
    current: Manifest | undefined,
    entries: readonly ListedEntry[],
  ) => Parsed<TagContent>;
}

export interface TagContent {
  readonly bytes: Buffer;
  readonly mediaType: string;
  /** The blobs that the manifest refers to in addition to its entries; they are stored first. */
  readonly blob?: Buffer;
}
