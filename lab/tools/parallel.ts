// Does the same work on every item of a list, as many at a time as there are processors.
import { availableParallelism } from 'node:os';

export async function inParallel<const Items extends readonly unknown[], Result>(
  items: Items,
  work: (item: Items[number]) => Promise<Result>,
): Promise<{ [Index in keyof Items]: Result }> {
  const waiting = items.entries();
  const done: Result[] = [];
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) done[index] = await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return done as { [Index in keyof Items]: Result };
}
