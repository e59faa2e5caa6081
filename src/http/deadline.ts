// When a step stops reading, even if something is left.
import { ActionError } from '../errors.ts';

export interface Deadline {
  readonly signal: AbortSignal;
  /** From the start of the step. */
  readonly milliseconds: number;
}

export function deadlineIn(milliseconds: number): Deadline {
  return { signal: AbortSignal.timeout(milliseconds), milliseconds };
}

/** `state` describes what was not done in time. */
export function outOfTime(state: string, { milliseconds }: Deadline): ActionError {
  return new ActionError('service', 'LIMIT_EXCEEDED', {
    message: `Cannot finish reading: ${state} within the ${milliseconds / 1000} s allowed for reading`,
    remedy: 'run the job again later, or raise "retry-timeout"',
  });
}
