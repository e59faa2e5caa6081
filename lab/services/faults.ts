// Faults that a test configures in a service: which requests are affected, how often, and how.
export interface FaultAction {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly delay?: number;
  readonly hang?: true;
  readonly reset?: true;
  readonly corrupt?: true;
  /** Truncates the body in the middle. */
  readonly truncate?: true;
  /** Sends a byte every 100 ms and never ends the response. */
  readonly drip?: true;
  /** The service executes the request first; then the rest of the fault replaces its response. */
  readonly processed?: true;
}

export interface Fault {
  readonly server?: string;
  readonly method?: string;
  /** Source of a regular expression, matched with the path and its query. */
  readonly path: string;
  /** How many matching requests are passed through first. */
  readonly skip?: number;
  readonly times?: number;
  /** After the first request that it affects, it affects every request. */
  readonly spreads?: true;
  readonly action: FaultAction;
}

interface ArmedFault {
  readonly fault: Fault;
  readonly path: RegExp;
  skipped: number;
  left: number;
  hasSpread: boolean;
}

export class Faults {
  readonly #armed: ArmedFault[] = [];

  add(fault: Fault): void {
    const { path, skip = 0, times = Infinity } = fault;
    this.#armed.push({
      fault,
      path: new RegExp(path),
      skipped: skip,
      left: times,
      hasSpread: false,
    });
  }

  clear(): void {
    this.#armed.length = 0;
  }

  take(server: string, method: string, path: string): FaultAction | undefined {
    const hit = this.#armed.find(
      ({ fault, path: pattern, left, hasSpread }) =>
        hasSpread ||
        (left > 0 &&
          (fault.server ?? server) === server &&
          (fault.method ?? method) === method &&
          pattern.test(path)),
    );
    if (!hit) return undefined;
    if (hit.skipped > 0) {
      hit.skipped -= 1;
      return undefined;
    }
    hit.left -= 1;
    hit.hasSpread = hit.fault.spreads === true;
    return hit.fault.action;
  }
}
