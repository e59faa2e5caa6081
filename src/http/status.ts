// The status of a response in words, for messages.
import type { ResponseHeaders } from './message.ts';

export interface Answered {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** The address of the response. */
  readonly url: URL;
}

/** `404`, or `307, a redirect to https://elsewhere.example, which is not followed`. */
export function describeStatus({ status, headers, url }: Answered): string {
  const location = status >= 300 && status < 400 ? headers.get('location') : null;
  const target = location === null ? null : URL.parse(location, url.href);
  return target
    ? `${status}, a redirect to ${target.origin}, which is not followed`
    : String(status);
}
