// Who signs in a step: one key for all signatures, whatever their number, with one certificate or with none.
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Transport } from '../../http/message.ts';
import type { SigningKey } from '../../keys/private-key.ts';
import { type Certified, requestCertificate, type TokenHolder } from './fulcio.ts';
import { type Hash, signWith } from './key-algorithm.ts';

export interface KeyHolder {
  readonly publicKey: KeyObject;
  /** PEM of the certificate, or of the public key where there is none: whom a log records. */
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

/** Whoever verifies has the public key already. */
export function bareKey({ privateKey, publicKey }: SigningKey): KeyHolder {
  return {
    publicKey,
    verifier: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    certified: undefined,
    sign: (data, hash) => signWith(privateKey, data, hash),
  };
}

/** What cosign v3 and sigstore-go write into a bundle to tell keys apart. */
export function hintOf({ publicKey }: KeyHolder): string {
  return createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('base64');
}
