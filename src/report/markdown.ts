// Markdown of untrusted text: tables and code.
import { forMarkdown } from './untrusted.ts';

export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

export function code(value: string): string {
  return value === '' ? '' : `<code>${forMarkdown(value)}</code>`;
}
