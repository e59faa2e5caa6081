// The one budget for retries of a step: it pays for waiting, and not for work.

export interface Budget {
  /** Spends the time from the start of a failed attempt to the next one and returns whether it was left; time that several requests wait at once is spent once. Milliseconds since the epoch. */
  spend(from: number, until: number): boolean;
}

export function budgetOf(milliseconds: number): Budget {
  let left = milliseconds;
  let spentUntil = 0;
  return {
    spend(from, until) {
      const cost = Math.max(until - Math.max(from, spentUntil), 0);
      if (cost > left) return false;
      left -= cost;
      spentUntil = Math.max(spentUntil, until);
      return true;
    },
  };
}
