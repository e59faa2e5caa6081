// The log of a step, in the workflow commands of the runner.
import { info, setSecret, warning } from '@actions/core';

export const stepLog = {
  info,
  warning: (message: string): void => warning(message, { title: 'Countersign' }),
} as const;

/** Shorter lines of a multi-line secret, such as the "{" of a key in JSON, are not secrets. */
const SHORTEST_LINE = 8;

/** The runner hides each line of a secret wherever it is printed. */
export function maskSecret(secret: string): void {
  const lines = secret.split(/[\r\n]+/);
  const secrets =
    lines.length === 1 ? lines : lines.filter(({ length }) => length >= SHORTEST_LINE);
  for (const line of secrets) if (line !== '') setSecret(line);
}
