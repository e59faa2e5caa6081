// Inputs that the action does not declare: the runner only warns, and a gate that ignored one could accept more than intended.
import { INPUTS } from './inputs.ts';
import type { Problems } from './problems.ts';

const PREFIX = 'INPUT_';
const NAMES = Object.keys(INPUTS);

/** Names of such inputs; docs/adr/0010 says which variables of this form runners set. */
export function undeclaredInputs(env: NodeJS.ProcessEnv): readonly string[] {
  return Object.keys(env)
    .filter((variable) => variable.startsWith(PREFIX))
    .map((variable) => variable.slice(PREFIX.length).toLowerCase())
    .filter((name) => !NAMES.includes(name))
    .sort();
}

export function refuseUndeclared(names: readonly string[], problems: Problems): void {
  for (const name of names) {
    const nearest = nearestInput(name);
    problems.add(
      'INPUT_INVALID',
      `Cannot use "${name}": this action has no such input`,
      nearest === undefined
        ? `remove it from "with", or rename the variable INPUT_${name.toUpperCase()} if "env" sets it`
        : `did you mean "${nearest}"?`,
    );
  }
}

/** Undefined when no name is near. */
function nearestInput(name: string): string | undefined {
  const written = name.replaceAll('_', '-');
  const ranked = NAMES.map((input) => ({ input, distance: distanceBetween(written, input) }))
    .filter(({ input, distance }) => distance <= input.length / 2.5 || isShortFor(written, input))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.input;
}

/** `repo`, `identity`, `token`. */
function isShortFor(written: string, input: string): boolean {
  return written.length > 2 && input.includes(written);
}

/** Levenshtein: characters to insert, remove or replace. */
function distanceBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [position, character] of Array.from(from).entries()) {
    const next = [position + 1];
    for (const [index, other] of Array.from(to).entries()) {
      const replaced = (row[index] ?? 0) + (character === other ? 0 : 1);
      next.push(Math.min(replaced, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
