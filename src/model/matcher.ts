// How a certificate's text is compared: always the whole text, never a pattern that the value could slip through.
import type { NonEmpty } from './parsed.ts';

export type Matcher =
  | { readonly kind: 'exact'; readonly values: NonEmpty<string> }
  /** A workflow file at any ref: the value is this URL, an `@`, and a ref. */
  | { readonly kind: 'any-ref'; readonly url: string };

export function exactly(value: string): Matcher {
  return { kind: 'exact', values: [value] };
}

export function matches(matcher: Matcher, value: string): boolean {
  switch (matcher.kind) {
    case 'exact':
      return matcher.values.includes(value);
    case 'any-ref':
      return (
        value.startsWith(`${matcher.url}@`) &&
        value.length > matcher.url.length + 1 &&
        !value.slice(matcher.url.length + 1).includes('@')
      );
  }
}

/** What the matcher accepts, for people. */
export function formatMatcher(matcher: Matcher): string {
  return matcher.kind === 'exact' ? matcher.values.join(' or ') : `${matcher.url}@ any ref`;
}
