// Links in the headers of a response: RFC 8288.
import type { ResponseHeaders } from './message.ts';

const NEXT = /<([^>]+)>\s*;\s*rel="?next"?/i;

/** The address of the next page, as in the header: possibly relative to the page. */
export function nextLinkIn(headers: ResponseHeaders): string | undefined {
  return NEXT.exec(headers.get('link') ?? '')?.[1];
}
