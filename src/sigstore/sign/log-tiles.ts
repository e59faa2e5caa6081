// Proves from the tiles of a log that it contains an entry: https://github.com/C2SP/C2SP/blob/main/tlog-tiles.md, RFC 6962 section 2.1.
import { createHash } from 'node:crypto';

/** Reads a path below the log's tiles; rejects if it does not exist. */
export type ReadPath = (path: string) => Promise<Buffer>;

export interface Inclusion {
  readonly treeSize: number;
  readonly rootHash: Buffer;
  readonly hashes: Buffer[];
  readonly checkpoint: string;
}

interface Subtree {
  readonly root: Buffer;
  /** The sibling hashes of the path from the leaf, leaf end first. */
  readonly path: Buffer[];
}

/** Hashes in a tile, and the number of tree levels in it. */
const WIDTH = 256;
const HEIGHT = 8;
const HASH_BYTES = 32;
/** Up to this size, the logarithm of a double distinguishes a power of two from its neighbours. */
const SIZE = /^\d{1,12}$/;

/** Proves with the newest checkpoint that the log contains `entry` at `index`; undefined if the checkpoint is older, throws a RangeError if it does not prove that. */
export async function proveInclusion(
  read: ReadPath,
  entry: Buffer,
  index: number,
): Promise<Inclusion | undefined> {
  const checkpoint = (await read('checkpoint')).toString();
  const [, size = '', root = ''] = checkpoint.split('\n', 3);
  const treeSize = Number(SIZE.exec(size)?.[0]);
  if (Number.isNaN(treeSize)) throw new RangeError('the checkpoint has no size');
  if (index >= treeSize) return undefined;
  const hashAt = tileReader(read, treeSize);
  if (!(await hashAt(0, index)).equals(sha256(0, entry)))
    throw new RangeError('another entry is there');

  const subtree = async (start: number, end: number): Promise<Subtree> => {
    const level = Math.log2(end - start);
    const isOutside = index < start || index >= end;
    if (level === 0 || (isOutside && Number.isInteger(level)))
      return { root: await hashAt(level, start / 2 ** level), path: [] };
    const middle = start + 2 ** Math.ceil(level - 1);
    const left = await subtree(start, middle);
    const right = await subtree(middle, end);
    const path = index < middle ? [...left.path, right.root] : [...right.path, left.root];
    return { root: sha256(1, left.root, right.root), path };
  };
  const whole = await subtree(0, treeSize);
  if (whole.root.toString('base64') !== root) throw new RangeError('the tiles are of another tree');
  return { treeSize, rootHash: whole.root, hashes: whole.path, checkpoint };
}

/** The hash of the complete subtree of 2^level leaves with this number. */
function tileReader(
  read: ReadPath,
  treeSize: number,
): (level: number, number: number) => Promise<Buffer> {
  const tiles = new Map<string, Promise<Buffer>>();
  return async (level, number) => {
    const tileLevel = Math.floor(level / HEIGHT);
    const within = level % HEIGHT;
    const first = number * 2 ** within;
    const path = pathOf(tileLevel, Math.floor(first / WIDTH), treeSize);
    const reading = tiles.get(path) ?? read(path);
    tiles.set(path, reading);
    return rootOf((await reading).subarray((first % WIDTH) * HASH_BYTES), within);
  };
}

/** `tile/0/x001/067.p/12`: groups of three digits, and the width of the last tile of a level. */
function pathOf(level: number, tile: number, treeSize: number): string {
  const hashes = Math.floor(treeSize / WIDTH ** level);
  const width = Math.min(hashes - tile * WIDTH, WIDTH);
  const digits = String(tile).padStart(Math.ceil(String(tile).length / 3) * 3, '0');
  const groups = digits.replaceAll(/\d{3}(?!$)/g, 'x$&/');
  return `tile/${level}/${groups}${width < WIDTH ? `.p/${width}` : ''}`;
}

/** Of the first 2^height hashes. */
function rootOf(hashes: Buffer, height: number): Buffer {
  if (height > 0) {
    const half = hashes.subarray(2 ** (height - 1) * HASH_BYTES);
    return sha256(1, rootOf(hashes, height - 1), rootOf(half, height - 1));
  }
  if (hashes.length < HASH_BYTES) throw new RangeError('a tile is cut short');
  return hashes.subarray(0, HASH_BYTES);
}

/** RFC 6962 section 2.1: leaves and nodes have different prefixes. */
function sha256(prefix: 0 | 1, ...parts: readonly Buffer[]): Buffer {
  return createHash('sha256')
    .update(Buffer.concat([Buffer.from([prefix]), ...parts]))
    .digest();
}
