// A signing step that does not sign, and that is no failure.

export type SkipReason = 'fork-pull-request' | 'dependabot-pull-request' | 'no-identity';

export interface Skip {
  readonly reason: SkipReason;
  readonly message: string;
  /** How the workflow does without the step, or with it. */
  readonly remedy: string;
}

/** In place of a request. */
export interface SkippedStep {
  readonly mode: 'skip';
  readonly skip: Skip;
  readonly summary: 'write' | 'leave';
}
