// A document that must be a JSON object: the object, or a description of what it is instead.
import { kindOfText } from './file-kind.ts';
import { isRecord } from './json.ts';
import { isProblem, type Parsed } from './parsed.ts';

/** Enough to detect the kind of text. */
const BEGINNING = 4096;

/** `parsed` was parsed from `bytes`; a problem starts with "it". */
export function objectIn(
  parsed: Parsed<unknown>,
  bytes: Uint8Array,
  remedy: string,
): Parsed<Readonly<Record<string, unknown>>> {
  if (isProblem(parsed)) {
    const kind = kindOfText(
      new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, BEGINNING)),
    );
    return { problem: kind.startsWith('JSON') ? parsed.problem : `it is ${kind}`, remedy };
  }
  if (isRecord(parsed.value)) return { value: parsed.value };
  const kind = Array.isArray(parsed.value) ? 'a JSON list' : 'a single JSON value';
  return { problem: `it is ${kind}, not an object`, remedy };
}
