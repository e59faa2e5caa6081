// What a tag holds that several write into: which manifests it may hold, what their entries are, and how more of them are put in.
import type { ListedEntry } from '../text/list-entries.ts';
import type { Parsed } from '../text/parsed.ts';
import type { Manifest } from './content.ts';

export interface TagForm {
  readonly tag: string;
  /** To stand behind its name where it holds another thing: `is not a list of referrers`. */
  readonly isNot: string;
  /** Why the tag must be left alone with this manifest in it, to stand behind `isNot`; undefined where it need not. */
  readonly whyNot: (current: Manifest) => string | undefined;
  /** What to do where it must be. */
  readonly instead: string;
  /** What to do where it is full. */
  readonly makeRoom: string;
  readonly entriesIn: (manifest: Buffer) => readonly ListedEntry[];
  /** A problem stands behind the name of the tag. */
  readonly extend: (
    current: Manifest | undefined,
    entries: readonly ListedEntry[],
  ) => Parsed<TagContent>;
}

export interface TagContent {
  readonly bytes: Buffer;
  readonly mediaType: string;
  /** What the manifest points at beside its entries; it is stored first. */
  readonly blob?: Buffer;
}
