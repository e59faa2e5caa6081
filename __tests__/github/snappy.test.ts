// The Snappy decoder with our own encoder, and with invalid bytes.
import { describe, expect, test } from '@jest/globals';

import { decodeSnappy } from '../../src/github/snappy.ts';
import { encodeSnappy } from '../../lab/services/github/snappy.ts';

const LIMIT = 1 << 20;

/** A generator of reproducible numbers below 2^32 (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** Bytes with runs and repetitions, so that every kind of element is written. */
function someBytes(random: () => number, size: number): Buffer {
  const alphabet = 1 + (random() % 200);
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at++) {
    const again = at > 100 && random() % 8 === 0 ? random() % Math.min(at, 70_000) : -1;
    if (again < 0) bytes[at] = random() % alphabet;
    else
      at +=
        bytes.copy(bytes, at, at - 1 - again, Math.min(at, at - 1 - again + 5 + (random() % 60))) -
        1;
  }
  return bytes;
}

test('decodes what our encoder wrote', () => {
  const random = seeded(1);
  for (const size of [
    0,
    1,
    59,
    60,
    61,
    255,
    256,
    257,
    65_535,
    65_536,
    65_537,
    140_000,
    ...Array.from({ length: 60 }, () => random() % 3000),
  ]) {
    const bytes = someBytes(random, size);
    expect(decodeSnappy(encodeSnappy(bytes), LIMIT).equals(bytes)).toBe(true);
  }
});

describe('data from the format description', () => {
  test.each<[string, readonly number[], string]>([
    ['nothing', [0], ''],
    ['a literal', [3, 2 << 2, 0x61, 0x62, 0x63], 'abc'],
    ['a literal with its length in one byte', [3, 60 << 2, 2, 0x61, 0x62, 0x63], 'abc'],
    ['a literal with its length in four bytes', [3, 63 << 2, 2, 0, 0, 0, 0x61, 0x62, 0x63], 'abc'],
    ['a copy with a one-byte offset', [7, 2 << 2, 0x61, 0x62, 0x63, 1, 3], 'abcabca'],
    ['a copy with a two-byte offset', [5, 2 << 2, 0x61, 0x62, 0x63, (1 << 2) | 2, 3, 0], 'abcab'],
    [
      'a copy with a four-byte offset',
      [5, 2 << 2, 0x61, 0x62, 0x63, (1 << 2) | 3, 3, 0, 0, 0],
      'abcab',
    ],
    ['an overlapping copy', [11, 0, 0x61, (9 << 2) | 2, 1, 0], 'aaaaaaaaaaa'],
    ['a length with redundant bytes', [0x83, 0x00, 2 << 2, 0x61, 0x62, 0x63], 'abc'],
  ])('is decoded: %s', (_, block, text) =>
    expect(decodeSnappy(Buffer.from(block), LIMIT).toString()).toBe(text),
  );

  test.each<[string, readonly number[], string]>([
    ['no bytes', [], 'cut short'],
    ['an endless length', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80], 'length is malformed'],
    ['a length over the limit', [0x81, 0x80, 0x40], 'over the limit'],
    ['a truncated literal', [3, 2 << 2, 0x61], 'cut short'],
    ['a truncated literal length', [3, 61 << 2, 0x02], 'cut short'],
    ['a literal of four gigabytes', [3, 63 << 2, 0xff, 0xff, 0xff, 0xff, 0x61], 'cut short'],
    ['a literal longer than the output', [2, 2 << 2, 0x61, 0x62, 0x63], 'overruns'],
    ['a copy before any output', [4, 1, 1], 'out of bounds'],
    ['a copy from before the start', [5, 0, 0x61, 1, 2], 'out of bounds'],
    ['a copy with offset zero', [5, 0, 0x61, 1, 0], 'out of bounds'],
    ['a copy longer than the output', [4, 0, 0x61, 1, 1], 'out of bounds'],
    ['a truncated copy', [5, 0, 0x61, (3 << 2) | 2, 1], 'cut short'],
    ['less output than declared', [4, 2 << 2, 0x61, 0x62, 0x63], '3 of 4 bytes'],
  ])('is rejected: %s', (_, block, problem) => {
    expect(() => decodeSnappy(Buffer.from(block), LIMIT)).toThrow(
      expect.objectContaining({ name: 'RangeError', message: expect.stringContaining(problem) }),
    );
  });
});

test('decodes changed bytes to the declared length or rejects them with a RangeError', () => {
  const random = seeded(2);
  const outcomes = { decoded: 0, refused: 0 };
  for (let round = 0; round < 3000; round++) {
    const block = encodeSnappy(someBytes(random, random() % 300));
    for (let changes = 1 + (random() % 4); changes > 0; changes--)
      block[random() % block.length] = random() & 0xff;
    const cut = random() % 4 === 0 ? block.subarray(0, random() % block.length) : block;
    try {
      expect(decodeSnappy(cut, 4096).length).toBeLessThanOrEqual(4096);
      outcomes.decoded += 1;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      outcomes.refused += 1;
    }
  }
  expect(outcomes.decoded).toBeGreaterThan(100);
  expect(outcomes.refused).toBeGreaterThan(100);
});
