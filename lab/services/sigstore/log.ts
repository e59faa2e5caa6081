// A transparency log: a Merkle tree of canonical entries and the signed checkpoint over it (C2SP tlog-checkpoint, signed-note).
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

import { MerkleTree, leafHash } from './merkle.ts';
import { sha256 } from './signed-digest.ts';

export type LogKeyType = 'P-256' | 'Ed25519';

export interface LoggedEntry {
  readonly body: Buffer;
  readonly index: number;
  readonly integratedTime: number;
}

export interface InclusionProof {
  readonly index: number;
  readonly treeSize: number;
  readonly rootHash: Buffer;
  readonly hashes: readonly Buffer[];
  readonly checkpoint: string;
}

export class TransparencyLog {
  readonly id: Buffer;
  readonly publicKey: Buffer;
  readonly #name: string;
  readonly #origin: string;
  readonly #privateKey: KeyObject;
  readonly #tree = new MerkleTree();
  readonly #entries: LoggedEntry[] = [];

  constructor(keyType: LogKeyType, name: string, origin: string) {
    const keys =
      keyType === 'P-256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('ed25519');
    this.#privateKey = keys.privateKey;
    this.publicKey = keys.publicKey.export({ format: 'der', type: 'spki' });
    this.id = keyType === 'P-256' ? sha256(this.publicKey) : noteKeyId(name, this.publicKey);
    this.#name = name;
    this.#origin = origin;
  }

  append(body: Buffer): LoggedEntry {
    const entry = {
      body,
      index: this.#tree.append(body),
      integratedTime: Math.floor(Date.now() / 1000),
    };
    this.#entries.push(entry);
    return entry;
  }

  find(wanted: (entry: LoggedEntry) => boolean): LoggedEntry | undefined {
    return this.#entries.find(wanted);
  }

  prove(index: number): InclusionProof {
    const rootHash = this.#tree.root();
    const treeSize = this.#tree.size;
    return {
      index,
      treeSize,
      rootHash,
      hashes: this.#tree.proof(index),
      checkpoint: this.#checkpoint(treeSize, rootHash),
    };
  }

  /** Undefined if the tree has no such tile, or has it in another width. */
  tile(level: number, number: number, width: number): Buffer | undefined {
    return this.#tree.tile(level, number, width);
  }

  sign(bytes: Buffer): Buffer {
    return sign(
      this.#privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256',
      bytes,
      this.#privateKey,
    );
  }

  #checkpoint(size: number, rootHash: Buffer): string {
    const note = `${this.#origin}\n${size}\n${rootHash.toString('base64')}\n`;
    const signature = Buffer.concat([this.id.subarray(0, 4), this.sign(Buffer.from(note))]);
    return `${note}\n\u2014 ${this.#name} ${signature.toString('base64')}\n`;
  }
}

export function entryHash({ body }: LoggedEntry): string {
  return leafHash(body).toString('hex');
}

// https://github.com/C2SP/C2SP/blob/main/signed-note.md#signatures
function noteKeyId(name: string, spki: Buffer): Buffer {
  return sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([1]), spki.subarray(-32)]));
}
