// Links in the head of an answer: RFC 8288.

const NEXT = /<([^>]+)>\s*;\s*rel="?next"?/i;

/** Where the next page is, as the server wrote it: possibly relative to the page. */
export function nextLinkIn(headers: Headers): string | undefined {
  return NEXT.exec(headers.get('link') ?? '')?.[1];
}
