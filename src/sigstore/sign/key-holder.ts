// The key of a step: one key for all signatures, with one certificate or without.
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Transport } from '../../http/message.ts';
import type { SigningKey } from '../../keys/private-key.ts';
import { type Certified, requestCertificate, type TokenHolder } from './fulcio.ts';
import { type Hash, signWith } from './key-algorithm.ts';

export interface KeyHolder {
  readonly publicKey: KeyObject;
  /** PEM of the certificate, or of the public key if there is none: logs record it as verifier. */
  readonly verifier: string;
  /** Undefined for a bare key. */
  readonly certified: Certified | undefined;
  sign(data: Uint8Array, hash: Hash): Buffer;
}

/** The key never leaves memory; the token is presented for one certificate. */
export async function certifiedKey(
  fulcio: string | undefined,
  holder: TokenHolder,
  transport: Transport,
): Promise<KeyHolder> {
  if (fulcio === undefined) throw new RangeError('no certificate authority to ask');
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keys = { privateKey, publicKey };
  const certified = await requestCertificate(fulcio, holder, keys, transport);
  return {
    publicKey,
    verifier: certified.certificate,
    certified,
    sign: (data, hash) => signWith(privateKey, data, hash),
  };
}

/** Verifiers already have the public key. */
export function bareKey({ privateKey, publicKey }: SigningKey): KeyHolder {
  return {
    publicKey,
    verifier: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    certified: undefined,
    sign: (data, hash) => signWith(privateKey, data, hash),
  };
}

/** cosign v3 and sigstore-go write this into a bundle to identify keys. */
export function hintOf({ publicKey }: KeyHolder): string {
  return createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('base64');
}
