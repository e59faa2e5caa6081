// Parts of a summary that are folded or shortened: GitHub drops a summary of over 1 MiB.
const MORE = 'see the output `results-path`';

/** The first items of which the texts together have at most this many bytes. */
export function fitting<Item>(
  items: readonly Item[],
  bytes: number,
  textOf: (item: Item) => string,
): readonly Item[] {
  let size = 0;
  const end = items.findIndex((item) => (size += Buffer.byteLength(textOf(item))) > bytes);
  return end < 0 ? items : items.slice(0, end);
}

/** Says how many items are not shown; nothing if all are. */
export function andMore(count: number, place = MORE): readonly string[] {
  return count > 0 ? [`and ${count} more, ${place}`] : [];
}

/** The first sections that fit, and the number of the others. */
export function within(sections: readonly string[], bytes: number): readonly string[] {
  const shown = fitting(sections, bytes, (section) => section);
  return [...shown, ...andMore(sections.length - shown.length)];
}

/** Shown when the reader opens it. */
export function folded(title: string, sections: readonly string[]): string {
  return [`<details><summary>${title}</summary>`, ...sections, '</details>'].join('\n\n');
}
