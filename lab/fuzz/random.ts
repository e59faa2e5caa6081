// A seeded random generator (mulberry32), so that every finding can be reproduced.

export interface Chance {
  /** An integer from 0 up to `bound`, `bound` excluded. */
  below(bound: number): number;
  pick<T>(items: readonly [T, ...T[]]): T;
}

export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const below = (bound: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
  return { below, pick: (items) => items[below(items.length)] ?? items[0] };
}
