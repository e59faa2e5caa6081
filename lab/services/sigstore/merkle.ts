// An append-only Merkle tree (RFC 6962) with inclusion proofs.
import { createHash } from 'node:crypto';

export class MerkleTree {
  readonly #leaves: Buffer[] = [];
  /** Complete subtrees never change: their roots by first leaf and size. */
  readonly #complete = new Map<string, Buffer>();

  get size(): number {
    return this.#leaves.length;
  }

  append(entry: Buffer): number {
    return this.#leaves.push(leafHash(entry)) - 1;
  }

  root(): Buffer {
    return this.#rootOf(0, this.size);
  }

  /** The hashes beside the path from a leaf to the root, leaf end first. */
  proof(index: number): Buffer[] {
    return this.#auditPath(index, 0, this.size);
  }

  /** https://github.com/C2SP/C2SP/blob/main/tlog-tiles.md#merkle-tree */
  tile(level: number, number: number, width: number): Buffer | undefined {
    const span = 256 ** level;
    const complete = Math.floor(this.size / span) - number * 256;
    if (width < 1 || width !== Math.min(complete, 256)) return undefined;
    const first = number * 256 * span;
    const hashes = Array.from({ length: width }, (_, index) =>
      this.#rootOf(first + index * span, span),
    );
    return Buffer.concat(hashes);
  }

  // https://www.rfc-editor.org/rfc/rfc6962#section-2.1
  #rootOf(first: number, size: number): Buffer {
    // The root of an empty tree is the hash of nothing.
    if (size <= 1) return this.#leaves[first] ?? sha256();
    const known = this.#complete.get(`${first}+${size}`);
    if (known) return known;
    const split = splitPoint(size);
    const left = this.#rootOf(first, split);
    const root = sha256(Buffer.from([1]), left, this.#rootOf(first + split, size - split));
    if (size === 2 * split) this.#complete.set(`${first}+${size}`, root);
    return root;
  }

  // https://www.rfc-editor.org/rfc/rfc6962#section-2.1.1
  #auditPath(index: number, first: number, size: number): Buffer[] {
    if (size <= 1) return [];
    const split = splitPoint(size);
    const right = first + split;
    return index < split
      ? [...this.#auditPath(index, first, split), this.#rootOf(right, size - split)]
      : [...this.#auditPath(index - split, right, size - split), this.#rootOf(first, split)];
  }
}

export function leafHash(entry: Buffer): Buffer {
  return sha256(Buffer.from([0]), entry);
}

/** The largest power of two below the size. */
function splitPoint(size: number): number {
  return 2 ** Math.floor(Math.log2(size - 1));
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
