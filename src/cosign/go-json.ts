// JSON as Go's encoding/json writes it, so that what cosign reads and writes again stays the same bytes.

/** Characters that Go escapes beside those of JSON: what could end a script in HTML, and two that JavaScript took for line ends. */
const ESCAPED = /[<>&\u2028\u2029]/g;

/** The value with its members in their order, as Go writes a struct. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(ESCAPED, escape);
}

/** Text by name, in the order of the names' bytes, as Go writes a map. JavaScript would put names that are numbers first. */
export function goMap(texts: Readonly<Record<string, string>>): string {
  const members = Object.entries(texts)
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([name, text]) => `${goJson(name)}:${goJson(text)}`);
  return `{${members.join(',')}}`;
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
