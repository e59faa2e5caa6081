// How a fact of a certificate is compared: always the whole text, also by a pattern.
import type { NonEmpty } from './non-empty.ts';

export type Matcher =
  /** One of these texts. */
  | { readonly kind: 'exact'; readonly values: NonEmpty<string> }
  /** A text that starts with this one. */
  | { readonly kind: 'prefix'; readonly prefix: string }
  /** A workflow file at any ref: the value is this URL, an `@`, and a ref. */
  | { readonly kind: 'any-ref'; readonly url: string }
  /** A text that the regular expression matches completely, of an owner that it spells out. */
  | { readonly kind: 'pattern'; readonly source: string; accepts(value: string): boolean }
  /** Any text except these. */
  | { readonly kind: 'none-of'; readonly values: NonEmpty<string> }
  | { readonly kind: 'any-of'; readonly matchers: NonEmpty<Matcher> };

export function exactly(...values: NonEmpty<string>): Matcher {
  return { kind: 'exact', values };
}

export function anyOf(matchers: NonEmpty<Matcher>): Matcher {
  const [first, ...others] = matchers;
  return others.length === 0 ? first : { kind: 'any-of', matchers };
}

export function matches(matcher: Matcher, value: string): boolean {
  switch (matcher.kind) {
    case 'exact':
      return matcher.values.includes(value);
    case 'prefix':
      return value.startsWith(matcher.prefix);
    case 'any-ref':
      return (
        value.startsWith(`${matcher.url}@`) &&
        value.length > matcher.url.length + 1 &&
        !value.slice(matcher.url.length + 1).includes('@')
      );
    case 'pattern':
      return matcher.accepts(value);
    case 'none-of':
      return !matcher.values.includes(value);
    case 'any-of':
      return matcher.matchers.some((each) => matches(each, value));
  }
}

/** What the matcher accepts, for messages. */
export function formatMatcher(matcher: Matcher): string {
  switch (matcher.kind) {
    case 'exact':
      return matcher.values.join(' or ');
    case 'prefix':
      return `${matcher.prefix}*`;
    case 'any-ref':
      return `${matcher.url}@ any ref`;
    case 'pattern':
      return `a match of ${matcher.source}`;
    case 'none-of':
      return `anything but ${matcher.values.join(' and ')}`;
    case 'any-of':
      return matcher.matchers.map(formatMatcher).join(' or ');
  }
}
