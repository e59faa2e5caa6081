// Small changes that make valid text or bytes invalid.

/** The base64 text with one bit of its middle byte flipped. */
export function flipped(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  return bytes.toString('base64');
}

export function plusOne(number: string | undefined): string {
  return String(Number(number ?? '0') + 1);
}

/** `text` with the only occurrence of `part` replaced. */
export function replaced(text: string, part: string | RegExp, by: string): string {
  const other = text.replace(part, () => by);
  if (other === text) throw new Error(`There is no ${String(part)} to replace`);
  return other;
}
