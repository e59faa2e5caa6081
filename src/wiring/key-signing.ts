// Signs with a key of the user: no certificate, and no identity token unless provenance needs its facts.
import { loadSigningKey } from '../keys/load-signing-key.ts';
import type { SigningKey } from '../keys/private-key.ts';
import type { TrustedKey } from '../keys/trusted-key.ts';
import { digestOf } from '../model/digest.ts';
import type { KeyToSign } from '../model/request.ts';

export interface OwnKey {
  readonly pair: SigningKey;
  /** The public key, for the check of our own signatures. */
  readonly trusted: TrustedKey;
  readonly publicPem: string;
}

/** Throws `input` errors; undefined for a keyless step. */
export async function ownKeyOf(key: KeyToSign | undefined): Promise<OwnKey | undefined> {
  if (!key) return undefined;
  const { location, password } = key;
  const pair = await loadSigningKey(location, password);
  const spki = pair.publicKey.export({ format: 'der', type: 'spki' });
  const from = location.kind === 'pem' ? 'key' : location.path;
  const publicPem = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  return {
    pair,
    publicPem,
    trusted: { key: pair.publicKey, spki, fingerprint: digestOf(spki), from },
  };
}
