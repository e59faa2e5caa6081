// cosign's encryption of private keys: https://github.com/secure-systems-lab/go-securesystemslib/blob/main/encrypted/encrypted.go
import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { secretbox } from '@noble/ciphers/salsa.js';
import { isRecord, parseJson } from '../text/json.ts';
import { isProblem, type Parsed, type Problem } from '../text/parsed.ts';

interface Box {
  readonly salt: Buffer;
  readonly cost: Cost;
  readonly nonce: Buffer;
  readonly ciphertext: Buffer;
}

/** The parameters of scrypt, RFC 7914 section 2, with Node's names. */
interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** Bytes that scrypt uses, 128·N·r for each of p iterations: twice those of cosign, which has N = 65536, r = 8, p = 1. */
export const SCRYPT_LIMIT = 128 << 20;
/** Bytes that OpenSSL counts in addition. */
const SCRYPT_OVERHEAD = 1 << 20;
const KEY_BYTES = 32;
const NONCE_BYTES = 24;
const TAG_BYTES = 16;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

const derive = promisify<string, Buffer, number, Cost & { readonly maxmem: number }, Buffer>(
  scrypt,
);

/** Decrypts the box that this JSON describes; undefined if the password is wrong. */
export async function openSecretbox(
  json: string,
  password: string,
): Promise<Parsed<Buffer | undefined>> {
  const box = parseBox(parseJson(json));
  if (isProblem(box)) return box;
  const { salt, cost, nonce, ciphertext } = box.value;
  const maxmem = SCRYPT_LIMIT + SCRYPT_OVERHEAD;
  const key = await derive(password, salt, KEY_BYTES, { ...cost, maxmem }).catch(() => undefined);
  if (!key) return damaged();
  try {
    return { value: Buffer.from(secretbox(key, nonce).open(ciphertext)) };
  } catch {
    return { value: undefined };
  }
}

function parseBox(json: unknown): Parsed<Box> {
  const [kdf, cipher] = isRecord(json) ? [json['kdf'], json['cipher']] : [];
  if (!isRecord(json) || !isRecord(kdf) || !isRecord(cipher)) return damaged();
  if (kdf['name'] !== 'scrypt' || cipher['name'] !== 'nacl/secretbox')
    return other('it is encrypted in another way than by scrypt and nacl/secretbox');
  const salt = bytesIn(kdf['salt']);
  const nonce = bytesIn(cipher['nonce']);
  const ciphertext = bytesIn(json['ciphertext']);
  const cost = costIn(kdf['params']);
  if (!salt || !cost || nonce?.length !== NONCE_BYTES || !ciphertext) return damaged();
  if (ciphertext.length < TAG_BYTES) return damaged();
  if (128 * cost.N * cost.r * cost.p > SCRYPT_LIMIT)
    return other(
      `its scrypt parameters N=${cost.N}, r=${cost.r}, p=${cost.p} are over the limit of ${SCRYPT_LIMIT} bytes`,
    );
  return { value: { salt, cost, nonce, ciphertext } };
}

function costIn(params: unknown): Cost | undefined {
  if (!isRecord(params)) return undefined;
  const { N, r, p } = params;
  if (!isPositive(N) || !isPositive(r) || !isPositive(p)) return undefined;
  const isPowerOfTwo = N > 1 && Number.isInteger(Math.log2(N));
  return isPowerOfTwo ? { N, r, p } : undefined;
}

function isPositive(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function bytesIn(value: unknown): Buffer | undefined {
  return typeof value === 'string' && BASE64.test(value) ? Buffer.from(value, 'base64') : undefined;
}

function damaged(): Problem {
  return other('it is damaged');
}

function other(problem: string): Problem {
  return { problem, remedy: 'encrypt the key anew with "cosign import-key-pair"' };
}
