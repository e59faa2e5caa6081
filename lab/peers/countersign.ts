// Runs the shipped action as the runner does.
import { dirname } from 'node:path';
import { rm } from 'node:fs/promises';

import { type ActionResult, runAction } from '../runner/run-action.ts';
import type { Stack } from '../stack/stack.ts';

export type Inputs = Readonly<Record<string, string>>;

/** A repository that the embedded GitHub API knows. */
export const GITHUB_TOKEN = 'github-token';

/** The logins of the other peers, for the action as well. */
export function loginsOf({ env: { DOCKER_CONFIG } }: Stack): Inputs {
  return DOCKER_CONFIG === undefined ? {} : { DOCKER_CONFIG };
}

/** Passes the result to `use` and removes the job's folder, to which some outputs point, afterwards. */
export async function runCountersign<Result>(
  inputs: Inputs,
  env: Inputs,
  use: (result: ActionResult) => Promise<Result>,
): Promise<Result> {
  const result = await runAction({ entry: 'dist', inputs, env, token: GITHUB_TOKEN });
  try {
    return await use(result);
  } finally {
    await rm(dirname(result.temp), { recursive: true });
  }
}
