// Converts a job summary to text for a terminal: tables become columns, markup and entities become plain text.

type Block = (lines: readonly string[]) => readonly string[];

export function plainText(markdown: string): string {
  return markdown
    .split(/\n{2,}/)
    .map((block) => block.split('\n').filter((line) => line.trim() !== ''))
    .filter(({ length }) => length > 0)
    .map((lines) => blockFor(lines)(lines).join('\n'))
    .join('\n');
}

function blockFor([first = '']: readonly string[]): Block {
  if (first.startsWith('|')) return table;
  if (first.startsWith('```'))
    return (lines) => lines.filter((line) => !line.startsWith('```')).map((line) => `  ${line}`);
  return (lines) => lines.map((line) => inline(line.replace(/^[#>]+ /, '')));
}

/** Two columns are printed next to each other; with more columns each row becomes a list of names and values. */
function table(lines: readonly string[]): readonly string[] {
  const [header = [], , ...rows] = lines.map(cells);
  const [name = '', title = ''] = header;
  if (header.length > 2)
    return rows.flatMap((row) => columns(row.map((value, index) => [header[index] ?? '', value])));
  return name === '' ? [inline(title), ...columns(rows)] : columns([header, ...rows]);
}

function cells(line: string): readonly string[] {
  return line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());
}

function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const texts = rows.map(([name = '', value = '']) => ({
    name: inline(name),
    values: inline(value).split('\n'),
  }));
  const width = Math.max(...texts.map(({ name }) => name.length)) + 2;
  return texts.flatMap(({ name, values }) =>
    values.map((value, index) => `  ${(index === 0 ? name : '').padEnd(width)}${value}`),
  );
}

function inline(text: string): string {
  const link = (_whole: string, label: string, url: string): string =>
    unmarked(label) === url ? label : `${label} (${url})`;
  return unmarked(text.replaceAll(/\[([^\]]*)\]\(([^)]*)\)/g, link));
}

function unmarked(text: string): string {
  return text
    .replaceAll('<br>', '\n')
    .replaceAll(/<\/?code>|<wbr>/g, '')
    .replaceAll(/&#(\d+);/g, (_whole, code: string) => String.fromCharCode(Number(code)))
    .trimEnd();
}
