// A list of referrers as bytes: entries of others stay unchanged, and new ones are added before them.
import { isRecord, parseJson } from '../text/json.ts';
import { BYTES, entriesOf, type ListedEntry } from '../text/list-entries.ts';
import { OCI_INDEX } from './media-types.ts';

export const EMPTY_LIST = Buffer.from(
  JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: [] }),
);

export function entryOf(descriptor: { readonly digest: string }): ListedEntry {
  return { key: descriptor.digest, text: Buffer.from(JSON.stringify(descriptor)).toString(BYTES) };
}

/** The entries in `manifests` that are objects, each with the digest that it lists. */
export function entriesIn(list: Buffer): readonly ListedEntry[] {
  return entriesOf(list, 'manifests', keyOf);
}

/** The list with these entries before all others, because readers stop after some hundred. Undefined if there is no list to add them to. */
export function withInFront(list: Buffer, entries: readonly ListedEntry[]): Buffer | undefined {
  const text = list.toString(BYTES);
  const start = startIn(text);
  if (start === undefined) return undefined;
  const rest = text.slice(start);
  const added = entries.map((entry) => entry.text).join(',');
  const needsComma = entries.length > 0 && !/^\s*\]/.test(rest);
  return Buffer.from(`${text.slice(0, start)}${added}${needsComma ? ',' : ''}${rest}`, BYTES);
}

function keyOf(text: string): string {
  const entry = parseJson(text);
  return isRecord(entry) && typeof entry['digest'] === 'string' ? entry['digest'] : text;
}

/** The position after the bracket that opens the list. */
function startIn(text: string): number | undefined {
  let [depth, name] = [0, ''];
  for (let at = 0; at < text.length; at++) {
    const mark = text[at] ?? '';
    if (mark === '"') {
      const end = endOfString(text, at);
      if (depth === 1) name = text.slice(at, end);
      at = end - 1;
    } else if (mark === '[' && depth === 1 && name === '"manifests"') {
      return at + 1;
    } else if (mark === '{' || mark === '[') {
      depth++;
    } else if (mark === '}' || mark === ']') {
      depth--;
    }
  }
  return undefined;
}

function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
