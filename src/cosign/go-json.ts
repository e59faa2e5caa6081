// JSON as Go's encoding/json writes it, so that cosign reads and writes it back as the same bytes.

/** Characters that Go escapes in addition to those of JSON: those that could end a script in HTML, and two that JavaScript treated as line breaks. */
const ESCAPED = /[<>&\u2028\u2029]/g;

/** The value with its members in their order, as Go writes a struct. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(ESCAPED, escape);
}

/** Text by name, in the byte order of the names, as Go writes a map. JavaScript would put numeric names first. */
export function goMap(texts: Readonly<Record<string, string>>): string {
  const members = Object.entries(texts)
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([name, text]) => `${goJson(name)}:${goJson(text)}`);
  return `{${members.join(',')}}`;
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
