// The log of a step, in the workflow commands of the runner.
import { info, warning } from '@actions/core';

export const stepLog = {
  info,
  warning: (message: string): void => warning(message, { title: 'Countersign' }),
} as const;
