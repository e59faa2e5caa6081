// Compiles the JSON Schema of results to a module, once for all tests: it takes as long as to run the action.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';

export interface ResultsValidator {
  readonly validate: ValidateFunction;
}

const file = new URL('../../docs/results.schema.json', import.meta.url);

/** Writes a `ResultsValidator`, for which a field that the schema does not describe is an error. Returns its path. */
export async function writeResultsValidator(): Promise<string> {
  const schema = closed(JSON.parse(await readFile(file, 'utf8'))) as object;
  const ajv = new Ajv2020({
    strict: true,
    strictRequired: false,
    allErrors: true,
    code: { source: true, esm: true },
  });
  const code = standalone.default(ajv.addSchema(schema, 'results'), { validate: 'results' });
  const written = path.join(await mkdtemp(path.join(tmpdir(), 'results-')), 'validator.mjs');
  await writeFile(written, code);
  return written;
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [name, closed(value)]),
  );
  return 'properties' in inner && 'type' in inner
    ? { ...inner, additionalProperties: false }
    : inner;
}
