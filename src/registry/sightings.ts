// All entries that a tag ever listed, and those that it lists now: an entry that disappeared was removed by a writer that had not read it.
import type { Digest } from '../model/digest.ts';
import type { Manifest } from './content.ts';
import type { ListedEntry } from '../text/list-entries.ts';

type EntriesIn = (list: Buffer) => readonly ListedEntry[];
type Keys = ReadonlySet<string>;

const NONE: Keys = new Set();

export class Sightings {
  /** On the clock of `performance.now()`: since when the list is known to have its current form. */
  changedAt = 0;
  /** Whether all of our entries were listed at some time. */
  wasListed = false;
  /** Whether an entry of others was added since the first read. */
  isContended = false;
  readonly #own: readonly ListedEntry[];
  readonly #entriesIn: EntriesIn;
  readonly #others = new Map<string, ListedEntry>();
  readonly #lists = new Map<Digest, Keys>();
  #shown: Digest | 'nothing' | undefined;
  #written: Keys = NONE;

  constructor(own: readonly ListedEntry[], entriesIn: EntriesIn) {
    this.#own = own;
    this.#entriesIn = entriesIn;
  }

  /** A list that the tag contained at some time. */
  remember({ digest, bytes }: Manifest): void {
    if (this.#lists.has(digest)) return;
    const entries = this.#entriesIn(bytes);
    const keys = new Set(entries.map(({ key }) => key));
    const own = new Set(this.#own.map(({ key }) => key));
    const news = entries.filter(({ key }) => !own.has(key) && !this.#others.has(key));
    for (const entry of news) this.#others.set(entry.key, entry);
    this.isContended ||= this.#shown !== undefined && news.length > 0;
    this.wasListed ||= isAmong(own, keys);
    this.#lists.set(digest, keys);
  }

  /** The remembered list that the tag contains now, and at the latest since `at`. */
  note(shown: Digest | 'nothing', at: number): void {
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.changedAt = at;
  }

  /** The list that we wrote last. */
  wrote(list: Buffer): void {
    this.#written = new Set(this.#entriesIn(list).map(({ key }) => key));
  }

  /** If the listed manifest was deleted, its entry is dropped too. */
  forget({ key }: ListedEntry): void {
    this.#others.delete(key);
  }

  get listed(): Keys {
    const shown = this.#shown;
    return (shown !== undefined && shown !== 'nothing' && this.#lists.get(shown)) || NONE;
  }

  get missingOwn(): readonly ListedEntry[] {
    return this.#own.filter(({ key }) => !this.listed.has(key));
  }

  /** Entries of others that the tag listed earlier and does not list now, in their order. */
  get missingOthers(): readonly ListedEntry[] {
    return [...this.#others.values()].filter(({ key }) => !this.listed.has(key));
  }

  get missing(): readonly ListedEntry[] {
    return [...this.missingOwn, ...this.missingOthers];
  }

  /** Whether the tag contains a part of what we wrote and nothing else: then our write is not visible yet, and was not replaced. */
  get isOlder(): boolean {
    const missing = this.missing.map(({ key }) => key);
    return missing.length > 0 && isAmong([...missing, ...this.listed], this.#written);
  }
}

function isAmong(some: Iterable<string>, all: Keys): boolean {
  return [...some].every((key) => all.has(key));
}
