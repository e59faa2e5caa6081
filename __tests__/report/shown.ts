// A summary as a browser shows it: with character references decoded, and without positions for line breaks.
export function shown(markdown: string): string {
  return markdown
    .replaceAll('<wbr>', '')
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}
