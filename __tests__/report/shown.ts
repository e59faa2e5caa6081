// A summary as a browser shows it: its character references read, and without the places where a line may end.
export function shown(markdown: string): string {
  return markdown
    .replaceAll('<wbr>', '')
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}
