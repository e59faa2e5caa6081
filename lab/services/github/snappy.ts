// A small snappy block encoder: literals and back references of every kind, so that a decoder is fully tested.
// https://github.com/google/snappy/blob/main/format_description.txt
const MINIMUM_COPY = 4;
const LONGEST_COPY = 64;

export function encodeSnappy(input: Buffer): Buffer {
  const seen = new Map<string, number>();
  const parts = [varint(input.length)];
  let literal = 0;
  let position = 0;
  while (position + MINIMUM_COPY <= input.length) {
    const key = input.toString('latin1', position, position + MINIMUM_COPY);
    const earlier = seen.get(key);
    seen.set(key, position);
    if (earlier === undefined) {
      position += 1;
      continue;
    }
    const length = commonLength(input, earlier, position);
    parts.push(...literals(input.subarray(literal, position)), copy(position - earlier, length));
    position += length;
    literal = position;
  }
  return Buffer.concat([...parts, ...literals(input.subarray(literal))]);
}

function commonLength(input: Buffer, earlier: number, position: number): number {
  let length = MINIMUM_COPY;
  while (
    length < LONGEST_COPY &&
    position + length < input.length &&
    input[earlier + length] === input[position + length]
  )
    length += 1;
  return length;
}

function copy(offset: number, length: number): Buffer {
  if (length <= 11 && offset < 2048)
    return Buffer.from([((offset >> 8) << 5) | ((length - 4) << 2) | 1, offset & 0xff]);
  const element = Buffer.alloc(offset < 65536 ? 3 : 5);
  element.writeUInt8(((length - 1) << 2) | (offset < 65536 ? 2 : 3));
  element.writeUIntLE(offset, 1, element.length - 1);
  return element;
}

function literals(bytes: Buffer): Buffer[] {
  if (bytes.length === 0) return [];
  const size = bytes.length - 1;
  if (size < 60) return [Buffer.from([size << 2]), bytes];
  const width = widthOf(size);
  const head = Buffer.alloc(1 + width);
  head.writeUInt8((59 + width) << 2);
  head.writeUIntLE(size, 1, width);
  return [head, bytes];
}

function widthOf(size: number): 1 | 2 | 3 {
  if (size < 1 << 8) return 1;
  return size < 1 << 16 ? 2 : 3;
}

function varint(value: number): Buffer {
  const bytes = [];
  let rest = value;
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128);
  return Buffer.from([...bytes, rest]);
}
