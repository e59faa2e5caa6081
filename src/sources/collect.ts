// Collects everything that sources find for some images, for callers that need no early verdict.
import { IDLE, merged } from '../concurrency/merged.ts';
import type { FoundBundle } from '../model/bundle.ts';
import type { NonEmpty } from '../model/non-empty.ts';
import type { Subject } from '../model/subject.ts';
import type { Failure } from '../model/verdict.ts';
import type { Source } from './source.ts';

/** Milliseconds; nothing else runs in the meantime. */
const IDLE_AFTER = 60_000;

export interface Collected {
  readonly found: readonly FoundBundle[];
  readonly failures: readonly Failure[];
}

/** Never throws, because a source does not. */
export async function collect(
  sources: readonly Source[],
  images: NonEmpty<Subject>,
): Promise<Collected> {
  const stop = new AbortController();
  const streams = images.flatMap((image) =>
    sources.map((source) => source.find(image, stop.signal)),
  );
  const found: FoundBundle[] = [];
  const failures: Failure[] = [];
  for await (const discovery of merged(streams, IDLE_AFTER)) {
    if (discovery === IDLE) continue;
    if ('found' in discovery) found.push(discovery.found);
    if ('failure' in discovery) failures.push(discovery.failure);
  }
  return { found, failures };
}
