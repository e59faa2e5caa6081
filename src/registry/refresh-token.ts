// A refresh token that its token service may replace whenever it is used: RFC 6749 section 6.

/** What a login got; `next` replaces the refresh token, and the same one or undefined keeps it. */
export interface LoggedIn<T> {
  readonly result: T;
  readonly next: string | undefined;
}

/** Logs in with the refresh token of that moment. */
export type WithRefreshToken = <T>(login: (token: string) => Promise<LoggedIn<T>>) => Promise<T>;

/** One login at a time, because a token that is replaced is valid once; several at once after it was kept. */
export function refreshToken(first: string, onReplaced: (next: string) => void): WithRefreshToken {
  let token = first;
  let isKept = false;
  let last: Promise<unknown> = Promise.resolve();
  return async (login) => {
    const before = last;
    const { promise: end, resolve: leave } = Promise.withResolvers<undefined>();
    last = end;
    await before;
    if (isKept) leave(undefined);
    try {
      const { result, next = token } = await login(token);
      isKept = next === token;
      if (!isKept) onReplaced((token = next));
      return result;
    } finally {
      leave(undefined);
    }
  };
}
