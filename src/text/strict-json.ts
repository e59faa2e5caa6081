// JSON that every parser reads the same way (RFC 8259 with the limits of RFC 7493); ambiguous text is rejected.
import { isRecord } from './json.ts';
import type { Parsed } from './parsed.ts';

/** Nested objects and lists; bundles have 7 levels, statements a few more. */
const DEEPEST = 64;
/** Commas and brackets: an SBOM of 12 MB has about 400,000. The same number with single letters is a megabyte of text and thirty in memory. */
const VALUES = 500_000;
const REMEDY = 'sign again with a tool that writes plain JSON';

/** The value, or why the text is ambiguous or too expensive: bytes that are not UTF-8, a duplicate key, an inexact number, excessive nesting or length. */
export function parseStrictJson(bytes: Uint8Array, mostValues = VALUES): Parsed<unknown> {
  // Before parsing: excessively nested or long values must not be built.
  const survey = surveyOf(bytes, mostValues);
  if ('problem' in survey) return { ...survey, remedy: REMEDY };
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { problem: 'it is not UTF-8', remedy: REMEDY };
  }
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'it is not JSON', remedy: REMEDY };
  }
  // The second of two equal keys replaces the first: the value has a member less than the text.
  return membersIn(value) === survey.members
    ? { value }
    : { problem: `it has the key "${doubledKeyIn(bytes).slice(0, 40)}" twice`, remedy: REMEDY };
}

type OnMember = (object: number, key: Uint8Array) => void;

const [QUOTE, BACKSLASH, COMMA, COLON, PLUS, MINUS, POINT, ZERO, NINE] = [
  0x22, 0x5c, 0x2c, 0x3a, 0x2b, 0x2d, 0x2e, 0x30, 0x39,
];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** One pass over bytes that need not be JSON; in UTF-8, no part of another character equals one of those that matter here. */
function surveyOf(
  bytes: Uint8Array,
  mostValues: number,
  onMember?: OnMember,
): { readonly members: number } | { readonly problem: string } {
  const open: number[] = [];
  let [values, members, objects, keyFrom, keyTo] = [0, 0, 0, 0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      keyFrom = at;
      at = endOfString(bytes, at);
      keyTo = at + 1;
    } else if (byte === COLON) {
      members++;
      onMember?.(open.at(-1) ?? 0, bytes.subarray(keyFrom, keyTo));
    } else if (byte === COMMA) {
      values++;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      values++;
      if (open.push(objects++) > DEEPEST)
        return { problem: `it is nested more than ${DEEPEST} levels deep` };
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      open.pop();
    } else if (byte === MINUS || (byte >= ZERO && byte <= NINE)) {
      const end = endOfNumber(bytes, at);
      if (!isExact(bytes, at, end))
        return {
          problem: `it has the number ${textOf(bytes.subarray(at, Math.min(end, at + 40)))}, which not every JSON parser reads the same way`,
        };
      at = end - 1;
    }
    if (values > mostValues) return { problem: `it has more than ${mostValues} values` };
  }
  return { members };
}

function endOfString(bytes: Uint8Array, from: number): number {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

function endOfNumber(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && isNumeral(bytes[at] ?? 0)) at++;
  return at;
}

function isNumeral(byte: number): boolean {
  return (
    (byte >= ZERO && byte <= NINE) ||
    byte === MINUS ||
    byte === PLUS ||
    byte === POINT ||
    isExponent(byte)
  );
}

function isExponent(byte: number): boolean {
  return byte === 0x65 || byte === 0x45;
}

/** RFC 7493 section 2.2: some readers round integers beyond 2^53, and exponents can exceed every number. */
function isExact(bytes: Uint8Array, from: number, to: number): boolean {
  const digits = bytes.subarray(from, to);
  if (to - from <= 15 && !digits.some(isExponent)) return true;
  const number = textOf(digits);
  return /^-?\d+$/.test(number)
    ? Number.isSafeInteger(Number(number))
    : Number.isFinite(Number(number));
}

/** Recurses as deeply as the text, whose depth is already limited. */
function membersIn(value: unknown): number {
  if (Array.isArray(value))
    return (value as unknown[]).reduce((members: number, each) => members + membersIn(each), 0);
  if (!isRecord(value)) return 0;
  let members = 0;
  for (const key in value) members += 1 + membersIn(value[key]);
  return members;
}

function doubledKeyIn(bytes: Uint8Array): string {
  const seen = new Set<string>();
  let doubled = '';
  surveyOf(bytes, Infinity, (object, key) => {
    const name = JSON.parse(textOf(key)) as string;
    if (seen.has(`${object} ${name}`)) doubled ||= name;
    seen.add(`${object} ${name}`);
  });
  return doubled;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
