// The log of a step, in the workflow commands of the runner.
import { debug, info, notice, warning } from '@actions/core';
import type { Log } from '../model/log.ts';

export const stepLog: Log = {
  info,
  debug,
  notice: (message) => notice(message, { title: 'Countersign' }),
  warning: (message) => warning(message, { title: 'Countersign' }),
};
