// How long to wait before a request is sent again.

/** A server that sends "Retry-After: 0" must not be called in a loop. */
const SHORTEST = 250;
const LONGEST = 60_000;

/** Milliseconds after so many attempts; `asked` is what the server asks for. */
export function waitBefore(attempt: number, asked: number | undefined): number {
  const backoff = 2 ** Math.min(attempt, 6) * (250 + Math.random() * 250);
  return Math.min(Math.max(asked ?? backoff, SHORTEST), LONGEST);
}
