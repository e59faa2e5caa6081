// Patterns in RE2's syntax, as in Go and Sigstore's tools: compared with the whole text, in time linear in its length.
import { RE2JS, RE2JSException } from 're2js';
import type { Parsed } from './parsed.ts';

export interface Pattern {
  readonly source: string;
  readonly program: Program;
  accepts(text: string): boolean;
}

/** The states of the pattern; `^` and `$` are not among them, so it may seem to accept more than it does. */
export interface Program {
  readonly start: number;
  /** All positions are below this number. */
  readonly size: number;
  stateAt(position: number): State;
}

export type State =
  | { readonly kind: 'character'; readonly next: number; takes(code: number): boolean }
  | { readonly kind: 'free'; readonly next: readonly number[] }
  | { readonly kind: 'end' | 'dead' };

/** An instruction of the compiled pattern, as the package stores it. */
interface Instruction {
  readonly op: number;
  readonly out: number;
  readonly arg: number;
  matchRune(code: number): boolean;
}

const LONGEST = 1000;
/** Instructions; `(a{9}){99}` has a thousand. */
const LARGEST = 5000;
/** Values of `op`. */
const [ALT, ALT_MATCH, CAPTURE, EMPTY_WIDTH] = [1, 2, 3, 4];
const [MATCH, NOP, RUNE, RUNE1, ANY, ANY_NOT_NEWLINE] = [6, 7, 8, 9, 10, 11];

export function parsePattern(source: string): Parsed<Pattern> {
  if (source.length > LONGEST)
    return {
      problem: `the pattern has ${source.length} characters, over the limit of ${LONGEST}`,
      remedy: 'write several shorter patterns',
    };
  try {
    const compiled = RE2JS.compile(source);
    const { prog } = compiled.re2Input as { prog: { inst: readonly Instruction[]; start: number } };
    if (prog.inst.length > LARGEST)
      return {
        problem: `the pattern "${source}" repeats too much`,
        remedy: 'use "*" and "+" instead of large counts',
      };
    return {
      value: {
        source,
        program: {
          start: prog.start,
          size: prog.inst.length,
          stateAt: (position) => stateOf(prog.inst[position]),
        },
        accepts: (text) => compiled.matches(text),
      },
    };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return {
      problem: `"${source}" is not a regular expression: ${error.message}`,
      remedy:
        'write RE2 syntax, as for Go and cosign; it has no lookahead, lookbehind or backreferences',
    };
  }
}

function stateOf(instruction: Instruction | undefined): State {
  if (!instruction) return { kind: 'dead' };
  const { op, out, arg } = instruction;
  switch (op) {
    case ALT:
    case ALT_MATCH:
      return { kind: 'free', next: [out, arg] };
    case CAPTURE:
    case EMPTY_WIDTH:
    case NOP:
      return { kind: 'free', next: [out] };
    case MATCH:
      return { kind: 'end' };
    case RUNE:
    case RUNE1:
      return { kind: 'character', next: out, takes: (code) => instruction.matchRune(code) };
    case ANY:
    case ANY_NOT_NEWLINE:
      return { kind: 'character', next: out, takes: () => true };
    default:
      return { kind: 'dead' };
  }
}
