// Reads a tag, and reads it over and over while a write of it is in progress.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Digest } from '../model/digest.ts';
import type { RegistryClient } from './client.ts';
import { type Manifest, readManifest } from './content.ts';
import { heldBy } from './tag-content.ts';

/** The content of a tag, on the clock of `performance.now()`. */
export interface TagRead {
  readonly current: Manifest | undefined;
  readonly started: number;
  readonly ended: number;
}

export async function readTagNow(
  client: RegistryClient,
  { tag, subject }: { readonly tag: string; readonly subject: Digest },
  signal?: AbortSignal,
): Promise<TagRead> {
  const started = performance.now();
  const current = heldBy(tag, subject, await readManifest(client, tag, signal));
  return { current, started, ended: performance.now() };
}

export interface ReadingOn {
  readonly read: () => Promise<unknown>;
  /** Reads at once. */
  readonly most: number;
  /** On the clock of `performance.now()`: when the tag was last read. */
  readonly readAt: number;
  /** Milliseconds between reads, when the write has taken this long. */
  readonly pause: (taken: number) => number;
  readonly end: AbortSignal;
}

/** Only errors of the write are reported. */
export async function readingOn<T>(write: () => Promise<T>, reading: ReadingOn): Promise<T> {
  const over = new AbortController();
  void keepReading(reading, AbortSignal.any([over.signal, reading.end]));
  return write().finally(() => over.abort());
}

async function keepReading(
  { read, most, readAt, pause }: ReadingOn,
  over: AbortSignal,
): Promise<void> {
  const started = performance.now();
  let [open, last] = [0, readAt];
  const glimpse = async (): Promise<void> => {
    open++;
    await read().catch(() => undefined);
    open--;
  };
  for (;;) {
    const left = last + pause(performance.now() - started) - performance.now();
    if (left > 0) await sleep(left, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) return;
    last = performance.now();
    if (open < most) void glimpse();
  }
}
