// Several streams as one, in order of arrival.

/** Nothing has arrived for a while, but more may follow. */
export const IDLE = Symbol('idle');

/** Ends when all have ended, and ends all of them when the caller stops; `idleAfter` is in milliseconds. */
export async function* merged<T>(
  streams: readonly AsyncIterable<T>[],
  idleAfter: number,
): AsyncGenerator<T | typeof IDLE> {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  const ask = async (iterator: AsyncIterator<T>): Promise<Arrival<T>> => ({
    iterator,
    result: await iterator.next(),
  });
  const pending = new Map(iterators.map((iterator) => [iterator, ask(iterator)]));
  try {
    while (pending.size > 0) {
      const arrival = await firstOf([...pending.values()], idleAfter);
      if (arrival === IDLE) {
        yield IDLE;
        continue;
      }
      const { iterator, result } = arrival;
      pending.delete(iterator);
      if (result.done) continue;
      yield result.value;
      pending.set(iterator, ask(iterator));
    }
  } finally {
    // Not awaited: a stream that hangs must not delay the others.
    for (const iterator of iterators) void iterator.return?.();
  }
}

interface Arrival<T> {
  readonly iterator: AsyncIterator<T>;
  readonly result: IteratorResult<T>;
}

async function firstOf<A>(
  promises: readonly Promise<A>[],
  idleAfter: number,
): Promise<A | typeof IDLE> {
  let timer: NodeJS.Timeout | undefined;
  const idle = new Promise<typeof IDLE>((resolve) => {
    timer = setTimeout(() => resolve(IDLE), idleAfter);
  });
  try {
    return await Promise.race([...promises, idle]);
  } finally {
    clearTimeout(timer);
  }
}
