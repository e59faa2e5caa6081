// Collects everything that sources find for some images, for callers that need no early verdict.
import { counter } from '../concurrency/counter.ts';
import { IDLE, merged } from '../concurrency/merged.ts';
import type { Counted } from '../concurrency/tally.ts';
import type { FoundBundle } from '../model/found.ts';
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

/** Never throws, because a source does not. `onSearched` counts the images that every source has searched. */
export async function collect(
  sources: readonly Source[],
  images: NonEmpty<Subject>,
  onSearched: Counted = () => undefined,
): Promise<Collected> {
  const stop = new AbortController();
  const searched = counter(images.length, onSearched);
  const streams = images.flatMap((image) => {
    let open = sources.length;
    const ended = (): void => {
      open -= 1;
      if (open === 0) searched();
    };
    return sources.map((source) => until(source.find(image, stop.signal), ended));
  });
  const found: FoundBundle[] = [];
  const failures: Failure[] = [];
  for await (const discovery of merged(streams, IDLE_AFTER)) {
    if (discovery === IDLE) continue;
    if ('found' in discovery) found.push(discovery.found);
    if ('failure' in discovery) failures.push(discovery.failure);
  }
  return { found, failures };
}

async function* until<T>(stream: AsyncIterable<T>, ended: () => void): AsyncGenerator<T> {
  yield* stream;
  ended();
}
