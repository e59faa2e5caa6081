// An append-only Merkle tree (RFC 6962) with inclusion proofs.
import { createHash } from 'node:crypto';

export class MerkleTree {
  readonly #leaves: Buffer[] = [];

  get size(): number {
    return this.#leaves.length;
  }

  append(entry: Buffer): number {
    return this.#leaves.push(leafHash(entry)) - 1;
  }

  root(): Buffer {
    return subtreeRoot(this.#leaves);
  }

  /** The hashes beside the path from a leaf to the root, leaf end first. */
  proof(index: number): Buffer[] {
    return auditPath(this.#leaves, index);
  }

  /** https://github.com/C2SP/C2SP/blob/main/tlog-tiles.md#merkle-tree */
  tile(level: number, number: number, width: number): Buffer | undefined {
    const span = 256 ** level;
    const complete = Math.floor(this.size / span) - number * 256;
    if (width < 1 || width !== Math.min(complete, 256)) return undefined;
    const first = number * 256 * span;
    const hashes = Array.from({ length: width }, (_, index) =>
      subtreeRoot(this.#leaves.slice(first + index * span, first + (index + 1) * span)),
    );
    return Buffer.concat(hashes);
  }
}

export function leafHash(entry: Buffer): Buffer {
  return sha256(Buffer.from([0]), entry);
}

// https://www.rfc-editor.org/rfc/rfc6962#section-2.1
function subtreeRoot(leaves: readonly Buffer[]): Buffer {
  const [first] = leaves;
  if (!first) return sha256();
  if (leaves.length === 1) return first;
  const split = splitPoint(leaves.length);
  return sha256(
    Buffer.from([1]),
    subtreeRoot(leaves.slice(0, split)),
    subtreeRoot(leaves.slice(split)),
  );
}

// https://www.rfc-editor.org/rfc/rfc6962#section-2.1.1
function auditPath(leaves: readonly Buffer[], index: number): Buffer[] {
  if (leaves.length <= 1) return [];
  const split = splitPoint(leaves.length);
  const left = leaves.slice(0, split);
  const right = leaves.slice(split);
  return index < split
    ? [...auditPath(left, index), subtreeRoot(right)]
    : [...auditPath(right, index - split), subtreeRoot(left)];
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
