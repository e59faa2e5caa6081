// Reads and writes one tag with several writers until it is stable: each write is based on the latest read, and the tag is read while a write is in progress.
import { ActionError } from '../errors.ts';
import { type Digest, digestOf, isDigest } from '../model/digest.ts';
import type { RegistryClient } from './client.ts';
import { type Manifest, readManifest } from './content.ts';
import { finishUpload, startUpload } from './upload.ts';
import type { ListedEntry } from '../text/list-entries.ts';
import { sideBySide } from '../concurrency/side-by-side.ts';
import { Sightings } from './sightings.ts';
import { assertForm, conditionFor, contentWith } from './tag-content.ts';
import { remedyForTag } from './tag-errors.ts';
import type { TagForm } from './tag-form.ts';
import { readingOn, readTagNow, type TagRead } from './tag-read.ts';
import { type Draft, writeManifest } from './write-manifest.ts';

/** Milliseconds between reads while nothing is in progress, and during a write. */
const [SHORTEST_PACE, LONGEST_PACE] = [250, 3000];
const SHORTEST_PAUSE = 10;
const LOOKS_AT_ONCE = 4;
/** Milliseconds: during a slower write, the tag is read at the normal pace. */
const LONG_FLIGHT = 2500;
const CONFIRMATIONS = 10;
/** Others may change the tag each time that something was stored for it. */
const MOST_TURNS = 5;
/** Milliseconds after which a read is too old to be the basis of a write. */
const FRESH = 250;
/** Statuses of registries without support for conditions. A 412 comes from one with support. */
const NO_CONDITIONS = [400, 501];

/** What the tag of `subject` must contain, and the manifests that were stored before, if the entries list manifests. */
export interface Addition {
  readonly form: TagForm;
  readonly subject: Digest;
  readonly entries: readonly ListedEntry[];
  readonly stored?: readonly Digest[];
}

export interface SessionOptions {
  /** The number of concurrent sessions: together they read as often as a single one. */
  readonly share: number;
  /** Milliseconds that reads may return older content. */
  readonly lag: number;
}

export class TagSession {
  readonly tag: string;
  readonly subject: Digest;
  readonly sightings: Sightings;
  attempts = 0;
  /** Attempts with a successful response. */
  writes = 0;
  /** A write that was given up may have been executed. */
  isInDoubt = false;
  /** Duration of the last write in milliseconds. */
  flight = 0;
  readonly #client: RegistryClient;
  readonly #form: TagForm;
  readonly #options: SessionOptions;
  readonly #confirmed = new Set<string>();
  readonly #stored = new Set<Digest>();
  readonly #end = new AbortController();
  #current: Manifest | undefined;
  #roundTrip = 0;
  #lookedAt = 0;
  #answeredAt = 0;
  #written: Digest | undefined;
  #observedLag = 0;
  #usesConditions = true;
  #refused: { readonly digest: Digest | undefined; readonly at: number } | undefined;

  constructor(
    client: RegistryClient,
    { form, subject, entries }: Addition,
    options: SessionOptions,
  ) {
    this.tag = form.tag;
    this.sightings = new Sightings(entries, form.entriesIn);
    this.#client = client;
    this.#form = form;
    this.subject = subject;
    this.#options = options;
  }

  close(): void {
    this.#end.abort();
  }

  /** Milliseconds. */
  get pace(): number {
    const alone = Math.max(SHORTEST_PACE, 2 * this.#roundTrip);
    return Math.min(alone * this.#options.share, LONGEST_PACE);
  }

  /** Milliseconds since the list last changed. The real value may differ by the time until our own write was visible. */
  get quiet(): number {
    return this.#lookedAt - this.#quietSince;
  }

  get #quietSince(): number {
    return this.sightings.changedAt + this.#observedLag;
  }

  /** Milliseconds until the next read: at the normal pace, and the last one exactly when the list has been quiet for this long. */
  pauseFor(settling: number): number {
    const left = this.#quietSince + settling - performance.now();
    if (left > this.pace + this.#roundTrip) return this.pace;
    // Timers fire up to a millisecond early.
    return Math.max(Math.ceil(left) + 1, 0);
  }

  get isBehind(): boolean {
    return this.sightings.isOlder && this.#lookedAt - this.#answeredAt < this.#options.lag;
  }

  /** `ahead` is a read that ran beside other requests, and counts if it is fresh. */
  async begin(ahead: TagRead | undefined): Promise<void> {
    if (!ahead || performance.now() - ahead.ended > FRESH) return this.look();
    this.#remember(ahead.current);
    this.#show(ahead);
  }

  async look(): Promise<void> {
    this.#show(await this.#read());
  }

  #show({ current, started, ended }: TagRead): void {
    const isFirstAfterWrite = this.#lookedAt < this.#answeredAt;
    const isAsWritten = isFirstAfterWrite && current?.digest === this.#written;
    this.#current = current;
    this.#lookedAt = started;
    this.#roundTrip = ended - started;
    // What was written was there when the registry answered.
    this.sightings.note(current?.digest ?? 'nothing', isAsWritten ? this.#answeredAt : ended);
    if (this.isBehind) this.#observedLag = started - this.#answeredAt;
  }

  /** One write of everything that is missing, based on the latest read. */
  async write(): Promise<void> {
    await this.#confirmOthers();
    const draft = await this.#draft();
    if (!draft) return;
    this.attempts++;
    let [last, isFound] = [draft, false];
    let started = performance.now();
    const again = async (): Promise<Draft | undefined> => {
      await this.look();
      await this.#confirmOthers();
      const next = await this.#draft();
      isFound = !next;
      if (!next) return undefined;
      started = performance.now();
      return (last = next);
    };
    const isThere = this.#current !== undefined;
    const { status } = await this.#lookingOn(() =>
      writeManifest(this.#client, this.tag, last, {
        again,
        refusals: this.#usesConditions ? [412, ...NO_CONDITIONS] : [],
        remedy: (refusal, usual) => remedyForTag(refusal, usual, isThere ? 'changed' : 'made'),
      }),
    ).catch((error: unknown) => this.#mayBeWritten(error));
    this.flight = performance.now() - started;
    if (status === 201) this.#answered(last, isFound ? undefined : digestOf(last.bytes));
    else this.#refuse(status, last);
  }

  /** Undefined if everything is there. Referenced blobs are stored first, and the content includes what others wrote in the meantime. */
  async #draft(): Promise<Draft | undefined> {
    for (let turn = 1; ; turn++) {
      const { missing } = this.sightings;
      if (missing.length === 0) return undefined;
      const content = contentWith(this.#client, this.#form, this.#current, missing);
      const read = this.#current;
      const condition = this.#usesConditions ? conditionFor(read) : undefined;
      const draft = { ...content, ...(condition && { condition }) };
      if (!content.blob || this.#stored.has(digestOf(content.blob))) return draft;
      await finishUpload(this.#client, await startUpload(this.#client), content.blob);
      this.#stored.add(digestOf(content.blob));
      await this.look();
      if (this.#current?.digest === read?.digest || turn === MOST_TURNS) return draft;
    }
  }

  /** `written` is undefined if the tag already had the entries. */
  #answered({ bytes }: Draft, written: Digest | undefined): void {
    this.writes++;
    this.#answeredAt = performance.now();
    this.#written = written;
    this.#refused = undefined;
    this.sightings.wrote(bytes);
  }

  /** No conditions are sent if their support is unknown or they failed for long although the tag did not change. */
  #refuse(status: number, { condition }: Draft): void {
    const now = performance.now();
    const digest = this.#current?.digest;
    if (this.#refused?.digest !== digest || !this.#refused) this.#refused = { digest, at: now };
    const isLasting = now - this.#refused.at > this.#options.lag;
    if (isLasting || !condition || NO_CONDITIONS.includes(status)) this.#usesConditions = false;
  }

  /** A write that was given up, because its responses were lost, may be in the list. */
  async #mayBeWritten(error: unknown): Promise<{ readonly status: number }> {
    if (!(error instanceof ActionError && error.code === 'SERVICE_UNREACHABLE')) throw error;
    this.isInDoubt = true;
    await this.look();
    this.isInDoubt = false;
    if (this.sightings.missingOwn.length > 0) throw error;
    return { status: 201 };
  }

  /** An entry that others write and we then replace cannot be detected afterwards: frequent reads make this less likely. */
  async #lookingOn<T>(write: () => Promise<T>): Promise<T> {
    return readingOn(write, {
      read: () => this.#read(),
      most: LOOKS_AT_ONCE,
      readAt: this.#lookedAt + this.#roundTrip,
      pause: (taken) =>
        taken > LONG_FLIGHT
          ? this.pace
          : Math.max(SHORTEST_PAUSE, this.#roundTrip / LOOKS_AT_ONCE) * this.#options.share,
      end: this.#end.signal,
    });
  }

  async #read(): Promise<TagRead> {
    const read = await readTagNow(this.#client, this, this.#end.signal);
    this.#remember(read.current);
    return read;
  }

  #remember(current: Manifest | undefined): void {
    if (!current) return;
    assertForm(this.#client, this.#form, this.subject, current);
    this.sightings.remember(current);
  }

  /** An entry whose manifest is gone was removed, not lost. */
  async #confirmOthers(): Promise<void> {
    const asked = this.sightings.missingOthers.filter(({ key }) => !this.#confirmed.has(key));
    if (asked.length === 0) return;
    await sideBySide(asked, CONFIRMATIONS, async (entry) => {
      this.#confirmed.add(entry.key);
      if (!isDigest(entry.key)) return;
      const found = await readManifest(this.#client, entry.key, this.#end.signal).catch(() => null);
      if (found === undefined) this.sightings.forget(entry);
    });
    await this.look();
  }
}
