// Just enough DER (X.690) to write certificates and timestamps.
type Part = Buffer;

export function tagged(tag: number, ...parts: Part[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), encodeLength(content.length), content]);
}

export const sequence = (...parts: Part[]): Buffer => tagged(0x30, ...parts);
/** DER orders the elements of a SET OF by their encoding. */
export const setOf = (...parts: Part[]): Buffer =>
  tagged(0x31, ...[...parts].sort((a, b) => Buffer.compare(a, b)));
export const explicit = (number: number, ...parts: Part[]): Buffer =>
  tagged(0xa0 + number, ...parts);
export const boolean = (value: boolean): Buffer => tagged(0x01, Buffer.from([value ? 0xff : 0]));
export const octets = (...parts: Part[]): Buffer => tagged(0x04, ...parts);
export const nothing = (): Buffer => tagged(0x05);
export const text = (value: string): Buffer => tagged(0x0c, Buffer.from(value));
export const bits = (content: Buffer, unused = 0): Buffer =>
  tagged(0x03, Buffer.from([unused]), content);

export function integer(value: number | Buffer): Buffer {
  const hex = typeof value === 'number' ? value.toString(16) : value.toString('hex');
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  const negative = ((bytes[0] ?? 0) & 0x80) !== 0;
  return tagged(0x02, negative ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes);
}

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap((arc) => base128(arc))]));
}

export function utcTime(date: Date): Buffer {
  return tagged(0x17, Buffer.from(`${digits(date).slice(2)}Z`));
}

export function generalizedTime(date: Date): Buffer {
  return tagged(0x18, Buffer.from(`${digits(date)}Z`));
}

function digits(date: Date): string {
  return date
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/[-:T]/g, '');
}

function encodeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

function base128(arc: number): number[] {
  const septets = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128))
    septets.unshift((rest % 128) | 0x80);
  return septets;
}
