// The end of the process: what is still under way when the verdict is published must not keep the step waiting.

/** Ends with the exit code that was set, when everything that was printed has left. */
export function end(): void {
  process.stdout.write('', () => process.exit());
}
