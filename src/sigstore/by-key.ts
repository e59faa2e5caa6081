// The key half of the verifier: the user vouches for the key, logs and timestamps only for when it signed.
import { toSignedEntity } from '@sigstore/verify';
import { hasSigned } from '../keys/signature.ts';
import type { FoundBundle } from '../model/bundle.ts';
import type { NonEmpty } from '../model/parsed.ts';
import type { Witness } from '../model/request.ts';
import type { TrustedKey } from '../model/trusted-key.ts';
import { runEngine, type SignatureCheck } from './engine.ts';
import { checkRecordedKeys } from './log-entry-key.ts';
import type { ParsedBundle } from './parse-bundle.ts';
import { Refusal } from './refusal.ts';
import type { Trust, TrustStore } from './trust.ts';

export interface TrustedKeys {
  readonly keys: NonEmpty<TrustedKey>;
  readonly witness: Witness;
}

/** Any of the keys may have signed; the trust is that of the log or timestamp authority that saw it, undefined when nobody had to. */
export async function verifyByKey(parsed: ParsedBundle, { layer }: FoundBundle, { keys, witness }: TrustedKeys, trusted: TrustStore): Promise<{ readonly key: TrustedKey; readonly trust: Trust | undefined }> {
  const { bundle, signed, signature } = parsed;
  if (bundle.verificationMaterial.content.$case !== 'publicKey') throw new Refusal('KEY', 'signer', 'the key', 'a certificate');
  const key = keys.find((each) => hasSigned(each.key, signed, signature));
  if (!key) throw new Refusal('SIGNATURE', 'signature', `made by ${keys.map(({ from }) => from).join(' or ')} over this payload`, 'made by another key, or over another payload');
  if (witness === 'insecure-ignored') return { key, trust: undefined };
  const { tlogEntries, timestamps } = toSignedEntity(bundle, signed);
  // As cosign with --key: a signature that no log and no timestamp authority has seen could have been made yesterday with a stolen key.
  if (tlogEntries.length + timestamps.length === 0) throw new Refusal('TRANSPARENCY_LOG', 'log entry or timestamp', 'at least one', 'neither; "insecure-ignore-tlog" asks for none');
  checkRecordedKeys(bundle, key.key.export({ format: 'der', type: 'spki' }), 'the key');
  return { key, trust: checkWitnesses(parsed, layer, key, await trusted.all()) };
}

function checkWitnesses(parsed: ParsedBundle, layer: Buffer | undefined, trustedKey: TrustedKey, trusts: readonly Trust[]): Trust {
  const [first, ...others] = trusts;
  if (!first) throw new Refusal('TRANSPARENCY_LOG', 'transparency log', 'a trusted log', 'no trusted root');
  const count = parsed.bundle.verificationMaterial.tlogEntries.length;
  const thresholds = { tlogThreshold: Math.min(count, 1), ctlogThreshold: 0, timestampThreshold: 0 };
  const material = { ...first.material, publicKey: () => ({ publicKey: trustedKey.key, validFor: () => true }) };
  // The engine knows fewer algorithms than keys are made for; the signature has been verified already.
  const verified: SignatureCheck = (content) => ({
    signature: content.signature,
    compareSignature: (other) => content.compareSignature(other),
    compareDigest: (digest) => content.compareDigest(digest),
    compareSignedDigest: (digest) => content.compareSignedDigest(digest),
    verifySignature: () => true,
  });
  try {
    runEngine(parsed, { material, thresholds }, layer, verified);
    return first;
  } catch (error) {
    if (others.length === 0) throw error;
    return checkWitnesses(parsed, layer, trustedKey, others);
  }
}
