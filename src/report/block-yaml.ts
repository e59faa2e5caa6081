// Writes plain data as YAML: strings as in JSON, which is valid YAML. The library that reads YAML is three times as large as our code for signing.

export type Plain =
  string | boolean | readonly Plain[] | { readonly [name: string]: Plain | undefined };

/** Ends with a line feed; no list and no object is empty. */
export function blockYaml(value: Plain): string {
  return `${linesOf(value).join('\n')}\n`;
}

function linesOf(value: Plain): readonly string[] {
  if (typeof value !== 'object') return [JSON.stringify(value)];
  if (isList(value)) return value.flatMap(itemLines);
  return Object.entries(value).flatMap(([name, member]) =>
    member === undefined ? [] : memberLines(name, member),
  );
}

function itemLines(item: Plain): readonly string[] {
  return linesOf(item).map((line, index) => `${index === 0 ? '- ' : '  '}${line}`);
}

function memberLines(name: string, member: Plain): readonly string[] {
  const lines = linesOf(member);
  if (typeof member !== 'object') return [`${name}: ${lines.join('')}`];
  return [`${name}:`, ...lines.map((line) => `  ${line}`)];
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}
