// A list of referrers as the bytes that it is: entries of others stay as they were written, and new ones go in front of them.
import { isRecord, parseJson } from '../model/parsed.ts';
import { OCI_INDEX } from './media-types.ts';

/** One character for each byte: what is not read is not changed, whatever it is. */
const BYTES = 'latin1';
const EMPTY = Buffer.from(
  JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] }),
);

/** An entry by what it says that it lists, else by itself; its text as it stands in the list. */
export interface ListedEntry {
  readonly key: string;
  readonly text: string;
}

export function entryOf(descriptor: { readonly digest: string }): ListedEntry {
  const text = Buffer.from(JSON.stringify(descriptor)).toString(BYTES);
  return { key: descriptor.digest, text };
}

/** The entries in `manifests`, in their order, of bytes that have been parsed as JSON. */
export function entriesIn(list: Buffer): readonly ListedEntry[] {
  return scan(list.toString(BYTES)).entries.map((text) => ({ key: keyOf(text), text }));
}

/** The list with these entries before all others. Readers go no further than some hundred of them. */
export function withInFront(list: Buffer | undefined, entries: readonly ListedEntry[]): Buffer {
  const text = (list ?? EMPTY).toString(BYTES);
  const { start, entries: others } = scan(text);
  const added = entries.map((entry) => entry.text).join(',');
  const comma = others.length > 0 && entries.length > 0 ? ',' : '';
  return Buffer.from(`${text.slice(0, start)}${added}${comma}${text.slice(start)}`, BYTES);
}

function keyOf(text: string): string {
  const entry = parseJson(text);
  return isRecord(entry) && typeof entry['digest'] === 'string' ? entry['digest'] : text;
}

interface Scanned {
  /** Behind the bracket that opens the list. */
  readonly start: number;
  readonly entries: readonly string[];
}

function scan(text: string): Scanned {
  const start = startIn(text);
  const entries: string[] = [];
  let [depth, begin] = [0, start];
  for (const { mark, at, end } of marksIn(text, start)) {
    if (isOpening(mark)) depth++;
    else if (depth > 0) depth -= isClosing(mark) ? 1 : 0;
    else if (mark !== '"') {
      entries.push(text.slice(begin, at).trim());
      begin = end;
      if (isClosing(mark)) break;
    }
  }
  return { start, entries: entries.filter((entry) => entry !== '') };
}

/** Of two lists with that name, parsers take the last. */
function startIn(text: string): number {
  let [depth, name, start] = [0, '', text.length];
  for (const { mark, at, end } of marksIn(text, 0)) {
    if (mark === '"' && depth === 1) name = text.slice(at, end);
    if (mark === '[' && depth === 1 && parseJson(name) === 'manifests') start = end;
    if (isOpening(mark)) depth++;
    if (isClosing(mark)) depth--;
  }
  return start;
}

interface Mark {
  readonly mark: string;
  readonly at: number;
  readonly end: number;
}

/** Brackets, commas and whole strings. */
function* marksIn(text: string, from: number): Generator<Mark> {
  for (let at = from; at < text.length; at++) {
    const mark = text[at] ?? '';
    if (!'"{}[],'.includes(mark)) continue;
    const end = mark === '"' ? endOfString(text, at) : at + 1;
    yield { mark, at, end };
    at = end - 1;
  }
}

function isOpening(mark: string): boolean {
  return mark === '{' || mark === '[';
}

function isClosing(mark: string): boolean {
  return mark === '}' || mark === ']';
}

function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
