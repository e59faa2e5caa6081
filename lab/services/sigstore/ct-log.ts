// A certificate transparency log (RFC 6962) that signs timestamps over precertificates.
import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  type KeyPairKeyObjectResult,
  sign,
} from 'node:crypto';

import { octets } from './der.ts';

const ENTRY_PRECERTIFICATE = 1;
const SHA256_ECDSA = Buffer.from([4, 3]);

export class CtLog {
  readonly #keys: KeyPairKeyObjectResult;
  readonly publicKey: Buffer;
  readonly id: Buffer;

  constructor(keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })) {
    this.#keys = keys;
    this.publicKey = spki(keys.publicKey);
    this.id = sha256(this.publicKey);
  }

  // https://www.rfc-editor.org/rfc/rfc6962#section-3.2
  timestamp(tbs: Buffer, issuer: KeyObject, at: Date): Buffer {
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(at.getTime()));
    const noExtensions = uint(0, 2);
    const entry = Buffer.concat([
      uint(ENTRY_PRECERTIFICATE, 2),
      sha256(spki(issuer)),
      uint(tbs.length, 3),
      tbs,
    ]);
    const signed = Buffer.concat([uint(0, 1), uint(0, 1), time, entry, noExtensions]);
    const signature = sign('sha256', signed, this.#keys.privateKey);
    return Buffer.concat([
      uint(0, 1),
      this.id,
      time,
      noExtensions,
      SHA256_ECDSA,
      uint(signature.length, 2),
      signature,
    ]);
  }
}

/** The value of the SCT list extension. */
export function sctList(timestamp: Buffer): Buffer {
  return octets(uint(timestamp.length + 2, 2), uint(timestamp.length, 2), timestamp);
}

function uint(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}

function spki(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' });
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
