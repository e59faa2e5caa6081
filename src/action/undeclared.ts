// Inputs that the action does not declare: the runner only warns, and a gate that ignored one could accept more than intended.
import { nearestName } from '../text/nearest.ts';
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
    const nearest = nearestName(name.replaceAll('_', '-'), NAMES);
    problems.add(
      'INPUT_INVALID',
      `Cannot use "${name}": this action has no such input`,
      nearest === undefined
        ? `remove it from "with", or rename the variable INPUT_${name.toUpperCase()} if "env" sets it`
        : `did you mean "${nearest}"?`,
    );
  }
}
