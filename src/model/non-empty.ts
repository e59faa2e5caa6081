// Lists with at least one item: an empty list never passes.

export type NonEmpty<T> = readonly [T, ...T[]];

export function isNonEmpty<T>(items: readonly T[]): items is NonEmpty<T> {
  return items.length > 0;
}

/** All items of all lists, in order. */
export function flatten<T>([[first, ...others], ...lists]: NonEmpty<NonEmpty<T>>): NonEmpty<T> {
  return [first, ...others, ...lists.flat()];
}

/** Items with one key together, each group in the order of the items. */
export function groupBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): readonly NonEmpty<T>[] {
  const groups: Iterable<readonly T[]> = Map.groupBy(items, keyOf).values();
  return [...groups].filter(isNonEmpty);
}

export function mapEach<T, U>(
  items: NonEmpty<T>,
  change: (item: T, position: number) => U,
): NonEmpty<U> {
  const [first, ...others] = items;
  return [change(first, 0), ...others.map((item, index) => change(item, index + 1))];
}
