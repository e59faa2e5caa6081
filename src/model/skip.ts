// A signing step that does not sign and does not fail.

export type SkipReason = 'fork-pull-request' | 'dependabot-pull-request' | 'no-identity';

export interface Skip {
  readonly reason: SkipReason;
  readonly message: string;
  /** How to change the workflow, to go without the step or to let it sign. */
  readonly remedy: string;
}

/** Returned in place of a request. */
export interface SkippedStep {
  readonly mode: 'skip';
  readonly skip: Skip;
  readonly summary: 'write' | 'leave';
}
