const require = process.getBuiltinModule;

// src/model/matcher.ts
function exactly(...values) {
  return { kind: "exact", values };
}
function anyOf(matchers) {
  const [first, ...others] = matchers;
  return others.length === 0 ? first : { kind: "any-of", matchers };
}
function matches(matcher, value) {
  switch (matcher.kind) {
    case "exact":
      return matcher.values.includes(value);
    case "prefix":
      return value.startsWith(matcher.prefix);
    case "any-ref":
      return value.startsWith(`${matcher.url}@`) && value.length > matcher.url.length + 1 && !value.slice(matcher.url.length + 1).includes("@");
    case "pattern":
      return matcher.accepts(value);
    case "none-of":
      return !matcher.values.includes(value);
    case "any-of":
      return matcher.matchers.some((each) => matches(each, value));
  }
}
function formatMatcher(matcher) {
  switch (matcher.kind) {
    case "exact":
      return matcher.values.join(" or ");
    case "prefix":
      return `${matcher.prefix}*`;
    case "any-ref":
      return `${matcher.url}@ any ref`;
    case "pattern":
      return `a match of ${matcher.source}`;
    case "none-of":
      return `anything but ${matcher.values.join(" and ")}`;
    case "any-of":
      return matcher.matchers.map(formatMatcher).join(" or ");
  }
}

export {
  exactly,
  anyOf,
  matches,
  formatMatcher
};
