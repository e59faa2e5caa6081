// The entries of a list in a JSON document as bytes, so that foreign content can be written again unchanged.
import { JsonListReader } from './json-list.ts';

/** One character for each byte: content that is not read stays unchanged. */
export const BYTES = 'latin1';

/** An entry with its distinguishing key, and its text in the document, in the encoding `BYTES`. */
export interface ListedEntry {
  readonly key: string;
  readonly text: string;
}

/** The entries that are objects, in their order, of a document that was parsed as JSON. */
export function entriesOf(
  document: Buffer,
  list: string,
  keyOf: (text: string) => string,
): readonly ListedEntry[] {
  const texts: string[] = [];
  const reader = new JsonListReader({
    list,
    entryLimit: document.byteLength,
    onEntry: (json) => void texts.push(json.toString(BYTES)),
  });
  reader.write(document);
  return texts.map((text) => ({ key: keyOf(text), text }));
}
