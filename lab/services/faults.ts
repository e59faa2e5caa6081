// Faults that a test configures in a service: which requests are affected, how often, and how.
export interface FaultAction {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly delay?: number;
  readonly hang?: true;
  readonly reset?: true;
  readonly corrupt?: true;
  /** Breaks off in the middle of the body. */
  readonly truncate?: true;
  /** The service does what it was asked for first; then the rest of the fault takes the place of its answer. */
  readonly processed?: true;
}

export interface Fault {
  readonly server?: string;
  readonly method?: string;
  /** Source of a regular expression, tried on the path with its query. */
  readonly path: string;
  /** How many requests that match are let through first. */
  readonly skip?: number;
  readonly times?: number;
  readonly action: FaultAction;
}

interface ArmedFault {
  readonly fault: Fault;
  readonly path: RegExp;
  skipped: number;
  left: number;
}

export class Faults {
  readonly #armed: ArmedFault[] = [];

  add(fault: Fault): void {
    const { path, skip = 0, times = Infinity } = fault;
    this.#armed.push({ fault, path: new RegExp(path), skipped: skip, left: times });
  }

  clear(): void {
    this.#armed.length = 0;
  }

  take(server: string, method: string, path: string): FaultAction | undefined {
    const hit = this.#armed.find(
      ({ fault, path: pattern, left }) =>
        left > 0 &&
        (fault.server ?? server) === server &&
        (fault.method ?? method) === method &&
        pattern.test(path),
    );
    if (!hit) return undefined;
    if (hit.skipped > 0) {
      hit.skipped -= 1;
      return undefined;
    }
    hit.left -= 1;
    return hit.fault.action;
  }
}
