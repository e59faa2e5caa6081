const require = process.getBuiltinModule;

// src/model/non-empty.ts
function isNonEmpty(items) {
  return items.length > 0;
}
function flatten([[first, ...others], ...lists]) {
  return [first, ...others, ...lists.flat()];
}
function groupBy(items, keyOf) {
  const groups = Map.groupBy(items, keyOf).values();
  return [...groups].filter(isNonEmpty);
}
function mapEach(items, change) {
  const [first, ...others] = items;
  return [change(first, 0), ...others.map((item, index) => change(item, index + 1))];
}

export {
  isNonEmpty,
  flatten,
  groupBy,
  mapEach
};
