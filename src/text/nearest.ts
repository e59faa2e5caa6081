// The name that was probably meant by one that nobody knows.

/** Undefined when no name is near. */
export function nearestName(written: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, distance: distanceBetween(written, name) }))
    .filter(({ name, distance }) => distance <= name.length / 2.5 || isShortFor(written, name))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.name;
}

/** `repo` for `repository`. */
function isShortFor(written: string, name: string): boolean {
  return written.length > 2 && name.includes(written);
}

/** Levenshtein: characters to insert, remove or replace. */
function distanceBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [position, character] of Array.from(from).entries()) {
    const next = [position + 1];
    for (const [index, other] of Array.from(to).entries()) {
      const replaced = (row[index] ?? 0) + (character === other ? 0 : 1);
      next.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
