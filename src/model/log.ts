// Where a step tells people what it does; the GitHub Actions log implements it.

export interface Log {
  readonly info: (message: string) => void;
  readonly notice: (message: string) => void;
  readonly warning: (message: string) => void;
  /** Shown only when the workflow runs with debug logging. */
  readonly debug: (message: string) => void;
}
