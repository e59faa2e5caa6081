// Decodes a raw Snappy block, the body behind GitHub's `bundle_url`: https://github.com/google/snappy/blob/main/format_description.txt

/** The decoded bytes; throws a RangeError for anything malformed or longer than `limit`. */
export function decodeSnappy(block: Uint8Array, limit: number): Buffer {
  const input = new Input(block);
  const length = input.varint();
  if (length > limit) throw new RangeError(`${length} bytes decoded, over the limit of ${limit}`);
  const output = Buffer.alloc(length);
  let written = 0;
  while (!input.isDone) {
    const tag = input.integer(1);
    if ((tag & 3) === 0) {
      const literal = input.take(literalLength(tag >> 2, input));
      if (written + literal.byteLength > length)
        throw new RangeError('a literal overruns the output');
      output.set(literal, written);
      written += literal.byteLength;
    } else {
      const { size, offset } = copyOf(tag, input);
      if (offset === 0 || offset > written || written + size > length)
        throw new RangeError('a copy is out of bounds');
      // A copy may overlap its output, so it must be done byte by byte.
      for (const end = written + size; written < end; written++)
        output[written] = output[written - offset] ?? 0;
    }
  }
  if (written !== length) throw new RangeError(`${written} of ${length} bytes`);
  return output;
}

function literalLength(code: number, input: Input): number {
  return (code < 60 ? code : input.integer(code - 59)) + 1;
}

function copyOf(tag: number, input: Input): { size: number; offset: number } {
  switch (tag & 3) {
    case 1:
      return { size: ((tag >> 2) & 7) + 4, offset: (tag >> 5) * 256 + input.integer(1) };
    case 2:
      return { size: (tag >> 2) + 1, offset: input.integer(2) };
    default:
      return { size: (tag >> 2) + 1, offset: input.integer(4) };
  }
}

class Input {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isDone(): boolean {
    return this.#position >= this.#bytes.byteLength;
  }

  take(count: number): Uint8Array {
    const end = this.#position + count;
    if (end > this.#bytes.byteLength) throw new RangeError('the block is cut short');
    const taken = this.#bytes.subarray(this.#position, end);
    this.#position = end;
    return taken;
  }

  /** Little-endian. */
  integer(count: number): number {
    return this.take(count).reduce((sum, byte, index) => sum + byte * 2 ** (8 * index), 0);
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.integer(1);
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('the length is malformed');
  }
}
