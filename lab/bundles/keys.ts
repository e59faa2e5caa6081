// Key pairs of every kind that cosign signs with, and how each signs.
import { constants, generateKeyPairSync, type KeyPairKeyObjectResult, sign } from 'node:crypto';

import type { Hash } from './algorithm.ts';
import type { Holder } from './holder.ts';
import { newRsaPair, rsaPair } from './rsa.ts';

export interface Kind {
  readonly name: string;
  readonly pair: KeyPairKeyObjectResult;
  /** Null for Ed25519, which has only one hash. */
  readonly hash: Hash | null;
  readonly padding?: number;
}

const p384 = lazy(() => generateKeyPairSync('ec', { namedCurve: 'P-384' }));
const p521 = lazy(() => generateKeyPairSync('ec', { namedCurve: 'P-521' }));
const rsa = lazy(() => rsaPair(2048));

export const KINDS: readonly [Kind, Kind, Kind, Kind, Kind, Kind, ...Kind[]] = [
  kindOf('ECDSA P-256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }), 'sha256'),
  kindOf('ECDSA P-384 with SHA-256', p384, 'sha256'),
  kindOf('ECDSA P-384 with SHA-384', p384, 'sha384'),
  kindOf('ECDSA P-521 with SHA-256', p521, 'sha256'),
  kindOf('ECDSA P-521 with SHA-512', p521, 'sha512'),
  kindOf('Ed25519', () => generateKeyPairSync('ed25519'), null),
  kindOf('RSA PKCS#1 v1.5', rsa, 'sha256', constants.RSA_PKCS1_PADDING),
  kindOf('RSA PSS', rsa, 'sha256', constants.RSA_PKCS1_PSS_PADDING),
  kindOf('RSASSA-PSS', () => rsaPair(2048, 'rsa-pss'), 'sha256', constants.RSA_PKCS1_PSS_PADDING),
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
  if (type === 'rsa-pss' || type === 'rsa') return newRsaPair(details?.modulusLength ?? 2048, type);
  return generateKeyPairSync('ec', { namedCurve: details?.namedCurve ?? 'P-256' });
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

/** To generate an RSA key takes longer than most tests, so a pair is generated at its first use. */
function kindOf(
  name: string,
  generate: () => KeyPairKeyObjectResult,
  hash: Hash | null,
  padding?: number,
): Kind {
  const pair = lazy(generate);
  const rest = padding === undefined ? {} : { padding };
  return {
    name,
    get pair() {
      return pair();
    },
    hash,
    ...rest,
  };
}

function lazy<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
