// Key pairs of every kind that cosign signs with, and how each signs.
import { constants, generateKeyPairSync, type KeyPairKeyObjectResult, sign } from 'node:crypto';

import type { Hash } from './algorithm.ts';
import type { Holder } from './holder.ts';

export interface Kind {
  readonly name: string;
  readonly pair: KeyPairKeyObjectResult;
  /** Null for Ed25519, which has only one hash. */
  readonly hash: Hash | null;
  readonly padding?: number;
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' });

export const KINDS: readonly [Kind, Kind, Kind, Kind, Kind, Kind, ...Kind[]] = [
  { name: 'ECDSA P-256', pair: generateKeyPairSync('ec', { namedCurve: 'P-256' }), hash: 'sha256' },
  { name: 'ECDSA P-384 with SHA-256', pair: p384, hash: 'sha256' },
  { name: 'ECDSA P-384 with SHA-384', pair: p384, hash: 'sha384' },
  { name: 'ECDSA P-521 with SHA-256', pair: p521, hash: 'sha256' },
  { name: 'ECDSA P-521 with SHA-512', pair: p521, hash: 'sha512' },
  { name: 'Ed25519', pair: generateKeyPairSync('ed25519'), hash: null },
  { name: 'RSA PKCS#1 v1.5', pair: rsa, hash: 'sha256', padding: constants.RSA_PKCS1_PADDING },
  { name: 'RSA PSS', pair: rsa, hash: 'sha256', padding: constants.RSA_PKCS1_PSS_PADDING },
  {
    name: 'RSASSA-PSS',
    pair: generateKeyPairSync('rsa-pss', { modulusLength: 2048 }),
    hash: 'sha256',
    padding: constants.RSA_PKCS1_PSS_PADDING,
  },
];

/** A new key of the most common kind. */
export function newKind(): Kind {
  return { ...KINDS[0], pair: newPair(KINDS[0].pair) };
}

/** A new pair of the same kind. */
export function newPair({
  publicKey: { asymmetricKeyType: type, asymmetricKeyDetails: details },
}: KeyPairKeyObjectResult): KeyPairKeyObjectResult {
  if (type === 'ed25519') return generateKeyPairSync('ed25519');
  if (type === 'rsa-pss') return generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
  return type === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: details?.modulusLength ?? 2048 })
    : generateKeyPairSync('ec', { namedCurve: details?.namedCurve ?? 'P-256' });
}

export function holderOf(kind: Kind): Holder {
  const { pair, hash } = kind;
  return { publicKey: pair.publicKey, hash, sign: (data) => signWith(kind, data) };
}

export function pemOf({ publicKey }: Pick<Holder, 'publicKey'>): string {
  return publicKey.export({ format: 'pem', type: 'spki' }).toString();
}

export function privatePemOf({ privateKey }: KeyPairKeyObjectResult): string {
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

export function signWith({ pair, hash, padding }: Kind, data: Buffer): Buffer {
  return sign(
    hash,
    data,
    padding === undefined ? pair.privateKey : { key: pair.privateKey, padding },
  );
}
