// The positions that a pattern can reach after some characters.
import type { Program, State } from '../text/pattern.ts';

export type Characters = Extract<State, { readonly kind: 'character' }>;

export interface Positions {
  readonly characters: readonly Characters[];
  /** Whether the pattern accepts what was read so far. */
  readonly isEnd: boolean;
}

/** Letters, digits and punctuation, without capitals: owners' names differ in more than case. */
export const ALPHABET: readonly string[] = Array.from({ length: 0x7e - 0x20 }, (_, index) =>
  String.fromCodePoint(0x21 + index),
).filter((character) => character === character.toLowerCase());

/** The instructions that follow without another character. */
export function closureOf(program: Program, starts: readonly number[]): Positions {
  const seen = new Set<number>();
  const pending = [...starts];
  const characters: Characters[] = [];
  let isEnd = false;
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const state = program.stateAt(at);
    if (state.kind === 'free') pending.push(...state.next);
    if (state.kind === 'character') characters.push(state);
    if (state.kind === 'end') isEnd = true;
  }
  return { characters, isEnd };
}

/** In either case. */
export function takes(state: Characters, character: string): boolean {
  return [character, character.toUpperCase()].some((each) => state.takes(each.codePointAt(0) ?? 0));
}

export function after(
  program: Program,
  characters: readonly Characters[],
  character: string,
): Positions {
  const next = characters.filter((state) => takes(state, character)).map((state) => state.next);
  return closureOf(program, next);
}

/** The fewest characters of the alphabet from each position to a match; absent if there is no path. */
export function distancesToEnd(
  program: Program,
  alphabet: readonly string[],
): ReadonlyMap<number, number> {
  const distances = new Map<number, number>();
  const before = new Map<number, number[]>();
  const note = (from: number, to: number): void => {
    before.set(to, [...(before.get(to) ?? []), from]);
  };
  let layer: number[] = [];
  for (let at = 0; at < program.size; at++) {
    const state = program.stateAt(at);
    if (state.kind === 'end') layer.push(at);
    if (state.kind === 'free') for (const next of state.next) note(at, next);
    if (state.kind === 'character' && alphabet.some((each) => takes(state, each)))
      note(at, state.next);
  }
  for (let distance = 0; layer.length > 0; distance++) {
    const next: number[] = [];
    for (let at = layer.pop(); at !== undefined; at = layer.pop()) {
      if (distances.has(at)) continue;
      distances.set(at, distance);
      for (const from of before.get(at) ?? [])
        (program.stateAt(from).kind === 'free' ? layer : next).push(from);
    }
    layer = next;
  }
  return distances;
}
