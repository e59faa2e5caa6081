// Time limits and retries for the clients of @sigstore/sign, from the one budget of the step.

export interface NetworkOptions {
  /** Milliseconds for one attempt. */
  readonly timeout: number;
  readonly retry: {
    readonly retries: number;
    readonly factor: number;
    readonly minTimeout: number;
    readonly maxTimeout: number;
  };
}

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;

/** As many attempts, at growing distances, as fit into `retryTimeout` milliseconds. */
export function networkOptions(retryTimeout: number): NetworkOptions {
  let retries = 0;
  for (let wait = FIRST_WAIT, sum = FIRST_WAIT; sum <= retryTimeout; retries++) {
    wait = Math.min(wait * 2, LONGEST_WAIT);
    sum += wait;
  }
  return {
    timeout: 30_000,
    retry: { retries, factor: 2, minTimeout: FIRST_WAIT, maxTimeout: LONGEST_WAIT },
  };
}
