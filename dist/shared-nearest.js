const require = process.getBuiltinModule;

// src/text/nearest.ts
function nearestName(written, names) {
  const ranked = names.map((name) => ({
    name,
    left: wordsLeftOut(written, name),
    distance: distanceBetween(written, name)
  })).filter(({ name, left, distance }) => left < Infinity || distance <= name.length / 2.5).sort((a, b) => a.left === b.left ? a.distance - b.distance : a.left - b.left);
  return ranked[0]?.name;
}
function wordsLeftOut(written, name) {
  const [short, words] = [written.split("-"), name.split("-")];
  const isShort = short.every((part) => words.some((word) => word.startsWith(part)));
  return isShort && written.length > 2 ? words.length - short.length : Infinity;
}
function distanceBetween(from, to) {
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

export {
  nearestName
};
