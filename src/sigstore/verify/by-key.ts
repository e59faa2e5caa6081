// The key of a bundle: the key is trusted because it is configured; logs and timestamps only prove when it signed.
import type { KeyObject } from 'node:crypto';
import { toSignedEntity } from '@sigstore/verify';
import { isNonEmpty, type NonEmpty } from '../../model/non-empty.ts';
import { LOG_OR_TIMESTAMP } from '../../model/rejection.ts';
import type { TrustedKey } from '../../keys/trusted-key.ts';
import { confirmingRoots, runEngine } from './engine.ts';
import { checkRecordedKeys } from './log-entry-key.ts';
import type { ParsedBundle } from './parse-bundle.ts';
import { Refusal } from '../refusal.ts';
import type { Trust, TrustStore } from '../trust/trust.ts';

/** A signature of any of the keys is valid. */
export function keyThatSigned(
  { signed, signature }: ParsedBundle,
  keys: readonly TrustedKey[],
): TrustedKey {
  if (!isNonEmpty(keys))
    throw new Refusal('KEY', 'signer', 'a certificate', 'a key; "key" names the keys to trust');
  const key = keys.find((each) => signed.isSignedBy(each.key, signature));
  if (key) return key;
  throw new Refusal(
    'SIGNATURE',
    'signature',
    `made with ${keys.map(({ from }) => from).join(' or ')} over this payload`,
    'made with another key, or over another payload',
  );
}

/** The roots whose logs and timestamp authorities confirm the key signature. */
export async function witnessesOf(
  parsed: ParsedBundle,
  key: TrustedKey,
  trusted: TrustStore | undefined,
): Promise<NonEmpty<Trust>> {
  const { bundle } = parsed;
  const { tlogEntries, timestamps } = toSignedEntity(bundle);
  // As cosign with --key: a signature without a log entry or timestamp could have been made yesterday with a stolen key.
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
  return confirmingRoots((await trusted?.all()) ?? [], noTrustedRoot, ({ material }) =>
    runEngine(parsed, { material: { ...material, publicKey }, thresholds }),
  );
}

function noTrustedRoot(): Refusal {
  return new Refusal('TRANSPARENCY_LOG', 'transparency log', 'a trusted log', 'no trusted root');
}
