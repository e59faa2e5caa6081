// Holds results against the committed JSON Schema, closed: in tests a field that it does not describe is an error.
import type { ResultsValidator } from '../lab/runner/results-validator.ts';

const compiled = process.env['COUNTERSIGN_VALIDATOR'] ?? (await compile());
const { validate } = (await import(compiled)) as ResultsValidator;

/** The violations in the text of the output or of the file; empty if there are none. */
export function wrongInResults(text: string): readonly string[] {
  if (validate(JSON.parse(text))) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message = '', params }) =>
      `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/** Loads the compiler only here: to load it takes long, too. */
async function compile(): Promise<string> {
  const { writeResultsValidator } = await import('../lab/runner/results-validator.ts');
  return writeResultsValidator();
}
