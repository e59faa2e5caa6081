// JSON that every reader reads alike (RFC 8259 with the limits of RFC 7493): what two parsers could take for two things is refused.
import type { Parsed } from './parsed.ts';

/** Objects and lists inside each other; bundles have 7 levels, statements a few more. */
const DEEPEST = 64;
const REMEDY = 'sign again with a tool that writes plain JSON';

/** The value, or what makes the text ambiguous: bytes that are not UTF-8, a doubled key, a number that is not exact, endless nesting. */
export function parseStrictJson(bytes: Uint8Array): Parsed<unknown> {
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
  const problem = ambiguityIn(text);
  return problem === undefined ? { value } : { problem, remedy: REMEDY };
}

/** One pass over text that is known to be JSON: keys of each open object, and every number. */
function ambiguityIn(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\]]/gy;
  let position = 0;
  while (position < text.length) {
    token.lastIndex = position;
    const match = token.exec(text)?.[0];
    if (match === undefined) {
      position++;
      continue;
    }
    position = token.lastIndex;
    if (match === '{' || match === '[') open.push(match === '{' ? new Set() : undefined);
    else if (match === '}' || match === ']') open.pop();
    else if (!match.startsWith('"') && !isExact(match)) return `it has the number ${match.slice(0, 40)}, which not every reader reads alike`;
    else if (match.startsWith('"') && isKey(text, position)) {
      const key = JSON.parse(match) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) return `it has the key "${key.slice(0, 40)}" twice`;
      keys?.add(key);
    }
    if (open.length > DEEPEST) return `it is nested more than ${DEEPEST} levels deep`;
  }
  return undefined;
}

function isKey(text: string, after: number): boolean {
  let next = after;
  while (' \t\n\r'.includes(text.charAt(next)) && next < text.length) next++;
  return text.charAt(next) === ':';
}

/** RFC 7493 section 2.2: integers beyond 2^53 are rounded by some readers. */
function isExact(number: string): boolean {
  return !/^-?\d+$/.test(number) ? Number.isFinite(Number(number)) : Number.isSafeInteger(Number(number));
}
