// Rekor v2: logs hashedrekord entries only, returns the bundle's log entry once a checkpoint covers it.
// https://github.com/sigstore/rekor-tiles/blob/main/CLIENTS.md
import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Answer, type Exchange, isObject, json, parseObject } from '../answer.ts';
import { canonicalJson } from '../canonical-json.ts';
import { type LoggedEntry, TransparencyLog } from './log.ts';
import { verifySignedDigest } from './signed-digest.ts';

export interface RekorV2Settings {
  /** Milliseconds until the next checkpoint is published. */
  checkpointDelay: number;
  /** Whether tiles and checkpoint can be read at the address for writing. */
  tiles: 'served' | 'absent';
}

const algorithms: Readonly<Record<string, { readonly hash: string; readonly bytes: number }>> = {
  PKIX_ECDSA_P256_SHA_256: { hash: 'SHA2_256', bytes: 32 },
  PKIX_ECDSA_P384_SHA_384: { hash: 'SHA2_384', bytes: 48 },
  PKIX_ECDSA_P521_SHA_512: { hash: 'SHA2_512', bytes: 64 },
  PKIX_RSA_PKCS1V15_2048_SHA256: { hash: 'SHA2_256', bytes: 32 },
  PKIX_RSA_PKCS1V15_3072_SHA256: { hash: 'SHA2_256', bytes: 32 },
  PKIX_RSA_PKCS1V15_4096_SHA256: { hash: 'SHA2_256', bytes: 32 },
};

export class RekorV2 {
  readonly log: TransparencyLog;
  readonly #settings: RekorV2Settings;

  constructor(name: string, settings: RekorV2Settings) {
    this.log = new TransparencyLog('Ed25519', name, name);
    this.#settings = settings;
  }

  async serve({ method, url, body }: Exchange): Promise<Answer> {
    if (method === 'GET') return this.#read(url.pathname);
    if (`${method} ${url.pathname}` !== 'POST /api/v2/log/entries') return { status: 404 };
    const request = parseObject(body);
    const record = request?.['hashedRekordRequestV002'];
    if (!isObject(record) || Object.keys(request ?? {}).length !== 1) {
      return refuse(400, 3, 'invalid request: expected hashedRekordRequestV002');
    }
    let entry: string;
    try {
      entry = canonicalJson(canonicalEntry(record));
    } catch (error) {
      return refuse(400, 3, `invalid hashedrekord request: ${String(error)}`);
    }
    const bytes = Buffer.from(entry);
    const existing = this.log.find((logged) => logged.body.equals(bytes));
    if (existing) {
      const message = `an equivalent entry already exists in the transparency log with index ${existing.index}`;
      return refuse(409, 6, message, { 'X-Log-Index': String(existing.index) });
    }
    const logged = this.log.append(bytes);
    await sleep(this.#settings.checkpointDelay);
    return json(201, this.#describe(logged));
  }

  /** https://github.com/C2SP/C2SP/blob/main/tlog-tiles.md#apis; the server for writing only answers 501. */
  #read(path: string): Answer {
    if (this.#settings.tiles === 'absent') return refuse(501, 12, 'Method Not Allowed');
    if (path === '/api/v2/checkpoint') return { status: 200, body: this.log.prove(0).checkpoint };
    const [, level, number, width = '256'] =
      /^\/api\/v2\/tile\/(\d+)\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d+))?$/.exec(path) ?? [];
    if (level === undefined || number === undefined) return { status: 404 };
    const tile = this.log.tile(
      Number(level),
      Number(number.replaceAll(/[x/]/g, '')),
      Number(width),
    );
    return tile ? { status: 200, body: tile } : { status: 404 };
  }

  #describe({ body, index }: LoggedEntry): object {
    const { treeSize, rootHash, hashes, checkpoint } = this.log.prove(index);
    return {
      logIndex: String(index),
      logId: { keyId: this.log.id.toString('base64') },
      kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
      integratedTime: '0',
      inclusionPromise: null,
      inclusionProof: {
        logIndex: String(index),
        rootHash: rootHash.toString('base64'),
        treeSize: String(treeSize),
        hashes: hashes.map((hash) => hash.toString('base64')),
        checkpoint: { envelope: checkpoint },
      },
      canonicalizedBody: body.toString('base64'),
    };
  }
}

function canonicalEntry({ digest, signature }: Record<string, unknown>): object {
  if (!isObject(signature) || !isObject(signature['verifier']))
    throw new Error('missing signature or verifier');
  const { content, verifier } = signature;
  const { keyDetails } = signature['verifier'];
  const algorithm = algorithms[String(keyDetails)];
  if (!algorithm) throw new Error(`unsupported key algorithm ${String(keyDetails)}`);
  const hash = Buffer.from(String(digest), 'base64');
  if (hash.length !== algorithm.bytes)
    throw new Error('digest has the wrong length for the key algorithm');
  const key = verifierKey(signature['verifier']);
  if (!verifySignedDigest(hash, Buffer.from(String(content), 'base64'), key))
    throw new Error('verifying signature: invalid signature');
  return {
    apiVersion: '0.0.2',
    kind: 'hashedrekord',
    spec: {
      hashedRekordV002: {
        data: { algorithm: algorithm.hash, digest },
        signature: { content, verifier },
      },
    },
  };
}

function verifierKey({ x509Certificate, publicKey }: Record<string, unknown>): KeyObject {
  if (isObject(x509Certificate)) return new X509Certificate(rawBytes(x509Certificate)).publicKey;
  if (isObject(publicKey))
    return createPublicKey({ key: rawBytes(publicKey), format: 'der', type: 'spki' });
  throw new Error('missing verifier');
}

function rawBytes(message: Record<string, unknown>): Buffer {
  return Buffer.from(String(message['rawBytes']), 'base64');
}

function refuse(
  status: number,
  code: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return json(status, { code, message, details: [] }, headers);
}
