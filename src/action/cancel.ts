// Prints what was done when the runner cancels a step: it sends SIGINT, SIGTERM after 7.5 s, and kills the process after 2.5 s more.
import { ActionError, type Remedied } from '../errors.ts';
import { publishProblems } from './publish.ts';

/** https://docs.github.com/actions/reference/workflows-and-actions/workflow-cancellation, and POSIX numbers of the signals. */
const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

/** Before it ends, the process prints what `describe` returns at that moment. */
export function onCancel(describe: () => Remedied): void {
  for (const [signal, number] of Object.entries(SIGNALS)) {
    process.once(signal, () => {
      publishProblems([new ActionError('service', 'CANCELLED', describe())]);
      process.exit(128 + number);
    });
  }
}
