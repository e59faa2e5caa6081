// Markdown of untrusted text: tables, code and links.
import { forMarkdown } from './untrusted.ts';

export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

export function code(value: string): string {
  return value === '' ? '' : `<code>${forMarkdown(value)}</code>`;
}

/** A link for an https URL of plain characters, else text. */
export function link(url: string): string {
  return /^https:\/\/[\w.-]+(?:\/[\w.-]+)*$/.test(url)
    ? `[${forMarkdown(url)}](${url})`
    : forMarkdown(url);
}
