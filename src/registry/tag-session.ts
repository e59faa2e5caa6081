// Reads and writes one tag with several writers until it is stable: each write is based on the latest read, and the tag is read while a write is in progress.
import { setTimeout as sleep } from 'node:timers/promises';
import { ActionError } from '../errors.ts';
import { type Digest, digestOf, isDigest } from '../model/digest.ts';
import type { RegistryClient } from './client.ts';
import { type Manifest, readManifest } from './content.ts';
import { finishUpload, startUpload } from './upload.ts';
import type { ListedEntry } from '../text/list-entries.ts';
import { sideBySide } from '../concurrency/side-by-side.ts';
import { Sightings } from './sightings.ts';
import { assertForm, contentWith } from './tag-content.ts';
import { remedyForTag } from './tag-errors.ts';
import type { TagForm } from './tag-form.ts';
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
/** Statuses of registries without support for conditions. A 412 comes from one with support. */
const NO_CONDITIONS = [400, 501];

/** What the tag of `subject` must contain. */
export interface Addition {
  readonly form: TagForm;
  readonly subject: Digest;
  readonly entries: readonly ListedEntry[];
}

export interface SessionOptions {
  /** The number of concurrent sessions: together they read as often as a single one. */
  readonly share: number;
  /** Milliseconds that reads may return older content. */
  readonly lag: number;
}

export class TagSession {
  readonly tag: string;
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
  readonly #subject: Digest;
  readonly #options: SessionOptions;
  readonly #confirmed = new Set<string>();
  readonly #stored = new Set<Digest>();
  readonly #end = new AbortController();
  #current: Manifest | undefined;
  #roundTrip = 0;
  #lookedAt = 0;
  #answeredAt = 0;
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
    this.#subject = subject;
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
    return this.#lookedAt - this.sightings.changedAt - this.#observedLag;
  }

  get isBehind(): boolean {
    return this.sightings.isOlder && this.#lookedAt - this.#answeredAt < this.#options.lag;
  }

  async look(): Promise<void> {
    const started = performance.now();
    this.#current = await this.#read();
    this.#lookedAt = started;
    this.#roundTrip = performance.now() - started;
    this.sightings.note(this.#current?.digest ?? 'nothing');
    if (this.isBehind) this.#observedLag = started - this.#answeredAt;
  }

  /** One write of everything that is missing, based on the latest read. */
  async write(): Promise<void> {
    await this.#confirmOthers();
    const draft = await this.#draft();
    if (!draft) return;
    this.attempts++;
    let last = draft;
    let started = performance.now();
    const again = async (): Promise<Draft | undefined> => {
      await this.look();
      await this.#confirmOthers();
      const next = await this.#draft();
      if (!next) return undefined;
      started = performance.now();
      return (last = next);
    };
    const isThere = this.#current !== undefined;
    const { status } = await this.#lookingOn(
      writeManifest(this.#client, this.tag, last, {
        again,
        refusals: this.#usesConditions ? [412, ...NO_CONDITIONS] : [],
        remedy: (refusal, usual) => remedyForTag(refusal, usual, isThere ? 'changed' : 'made'),
      }),
    ).catch((error: unknown) => this.#mayBeWritten(error));
    this.flight = performance.now() - started;
    if (status === 201) this.#answered(last);
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
      if (!content.blob || this.#isStored(content.blob)) return draft;
      await finishUpload(this.#client, await startUpload(this.#client), content.blob);
      this.#stored.add(digestOf(content.blob));
      await this.look();
      if (this.#current?.digest === read?.digest || turn === MOST_TURNS) return draft;
    }
  }

  #isStored(blob: Buffer): boolean {
    return this.#stored.has(digestOf(blob));
  }

  #answered({ bytes }: Draft): void {
    this.writes++;
    this.#answeredAt = performance.now();
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
  async #lookingOn<T>(write: Promise<T>): Promise<T> {
    const over = new AbortController();
    void this.#keepLooking(AbortSignal.any([over.signal, this.#end.signal]));
    return write.finally(() => over.abort());
  }

  async #keepLooking(over: AbortSignal): Promise<void> {
    const started = performance.now();
    let open = 0;
    const glimpse = async (): Promise<void> => {
      open++;
      // Only errors of the write are reported.
      await this.#read().catch(() => undefined);
      open--;
    };
    for (;;) {
      const isLong = performance.now() - started > LONG_FLIGHT;
      const pause = Math.max(SHORTEST_PAUSE, this.#roundTrip / LOOKS_AT_ONCE);
      const wait = isLong ? this.pace : pause * this.#options.share;
      await sleep(wait, undefined, { signal: over }).catch(() => undefined);
      if (over.aborted) return;
      if (open < LOOKS_AT_ONCE) void glimpse();
    }
  }

  async #read(): Promise<Manifest | undefined> {
    const current = await readManifest(this.#client, this.tag, this.#end.signal);
    if (!current) return undefined;
    assertForm(this.#client, this.#form, this.#subject, current);
    this.sightings.remember(current);
    return current;
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

/** RFC 9110 section 13.1: a registry with support for conditions rejects writes that are not based on its current list. */
function conditionFor(current: Manifest | undefined): Draft['condition'] | undefined {
  if (!current) return { 'if-none-match': '*' };
  return current.etag === undefined ? undefined : { 'if-match': current.etag };
}
