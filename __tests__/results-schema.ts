// The committed JSON Schema of results, closed: in tests a field that it does not describe is an error.
import { readFile } from 'node:fs/promises';

import { Ajv2020 } from 'ajv/dist/2020.js';

type Json = Readonly<Record<string, unknown>>;

const file = new URL('../docs/results.schema.json', import.meta.url);
export const schema = JSON.parse(await readFile(file, 'utf8')) as Json;

// Most scenarios compile the schema for a few documents: that the schema is valid is a test of its own.
const fast = { meta: false, validateSchema: false, inlineRefs: false, code: { optimize: false } };
const validate = new Ajv2020({
  strict: true,
  strictRequired: false,
  allErrors: true,
  ...fast,
}).compile(closed(schema) as Json);

/** The violations in the text of the output or of the file; empty if there are none. */
export function wrongInResults(text: string): readonly string[] {
  if (validate(JSON.parse(text))) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message = '', params }) =>
      `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
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
