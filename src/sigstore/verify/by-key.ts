// Verifies a bundle by key: the key is trusted because it is configured; logs and timestamps only prove when it signed.
import type { KeyObject } from 'node:crypto';
import { toSignedEntity } from '@sigstore/verify';
import { type HasSigned, hasSigned } from '../../keys/signature.ts';
import type { FoundBundle } from '../../model/bundle.ts';
import type { NonEmpty } from '../../model/non-empty.ts';
import { LOG_OR_TIMESTAMP } from '../../model/verdict.ts';
import type { Witness } from '../../model/request.ts';
import type { TrustedKey } from '../../keys/trusted-key.ts';
import { firstToHold, runEngine } from './engine.ts';
import { checkRecordedKeys } from './log-entry-key.ts';
import type { ParsedBundle } from './parse-bundle.ts';
import { Refusal } from '../refusal.ts';
import type { Trust, TrustStore } from '../trust/trust.ts';

export interface TrustedKeys {
  readonly keys: NonEmpty<TrustedKey>;
  readonly witness: Witness;
}

/** Any of the keys may have signed; the trust is that of the log or timestamp authority that recorded it, undefined if none is required. */
export async function verifyByKey(
  parsed: ParsedBundle,
  { layer }: FoundBundle,
  { keys, witness }: TrustedKeys,
  trusted: TrustStore,
  isSignedBy: HasSigned = hasSigned,
): Promise<{ readonly key: TrustedKey; readonly trust: Trust | undefined }> {
  const { bundle, signed, signature } = parsed;
  if (bundle.verificationMaterial.content.$case !== 'publicKey')
    throw new Refusal('KEY', 'signer', 'the key', 'a certificate');
  const key = keys.find((each) => isSignedBy(each.key, signed, signature));
  if (!key)
    throw new Refusal(
      'SIGNATURE',
      'signature',
      `made with ${keys.map(({ from }) => from).join(' or ')} over this payload`,
      'made with another key, or over another payload',
    );
  if (witness === 'insecure-ignored') return { key, trust: undefined };
  const { tlogEntries, timestamps } = toSignedEntity(bundle, signed);
  // As cosign with --key: a signature that no log and no timestamp authority has seen could have been made yesterday with a stolen key.
  if (tlogEntries.length + timestamps.length === 0)
    throw new Refusal('TRANSPARENCY_LOG', LOG_OR_TIMESTAMP, 'at least one', 'neither');
  checkRecordedKeys(bundle, key.spki, 'the key');
  const thresholds = {
    tlogThreshold: Math.min(tlogEntries.length, 1),
    ctlogThreshold: 0,
    timestampThreshold: 0,
  };
  const publicKey = (): { publicKey: KeyObject; validFor: () => true } => ({
    publicKey: key.key,
    validFor: () => true,
  });
  const nobody = (): Refusal =>
    new Refusal('TRANSPARENCY_LOG', 'transparency log', 'a trusted log', 'no trusted root');
  const trust = firstToHold(await trusted.all(), nobody, ({ material }) => {
    // Its signature has been verified above, and once is enough.
    runEngine(parsed, { material: { ...material, publicKey }, thresholds }, layer, () => true);
  });
  return { key, trust };
}
