// The entries of a list in a JSON document as the bytes that they are, so that what nobody here has written can be written again unchanged.
import { JsonListReader } from './json-list.ts';

/** One character for each byte: what is not read is not changed, whatever it is. */
export const BYTES = 'latin1';

/** An entry by what tells it from others, and its text as it stands in the document, in the encoding `BYTES`. */
export interface ListedEntry {
  readonly key: string;
  readonly text: string;
}

/** The entries that are objects, in their order, of a document that has been parsed as JSON. */
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
