// Collects a whole discovery, for tests that check the result and not the timing.
import type { FoundBundle } from '../../src/model/found.ts';
import type { Failure, Looked } from '../../src/model/verdict.ts';
import type { Discovery } from '../../src/sources/source.ts';

export interface Collected {
  readonly found: readonly FoundBundle[];
  readonly looked: readonly Looked[];
  readonly failures: readonly Failure[];
}

export async function collect(discoveries: AsyncIterable<Discovery>): Promise<Collected> {
  const found: FoundBundle[] = [];
  const looked: Looked[] = [];
  const failures: Failure[] = [];
  for await (const each of discoveries) {
    if ('found' in each) found.push(each.found);
    if ('looked' in each) looked.push(each.looked);
    if ('failure' in each) failures.push(each.failure);
  }
  return { found, looked, failures };
}
