// One call of `@sigstore/verify` for a bundle, plus the checks of formats that it does not support.
import { createHash } from 'node:crypto';
import { toSignedEntity, type TrustMaterial, Verifier } from '@sigstore/verify';
import { type HasSigned, hasSigned } from '../../keys/signature.ts';
import { isIntotoV001, verifyIntotoV001 } from './intoto-entry.ts';
import type { ParsedBundle } from './parse-bundle.ts';
import type { Refusal } from '../refusal.ts';
import type { Trust } from '../trust/trust.ts';
import { checkLogs } from './witnesses.ts';

type SignedEntity = ReturnType<typeof toSignedEntity>;

/** Throws when anything in the bundle that could be checked does not hold, or the thresholds are not met. */
export function runEngine(
  { bundle, signed, signature }: ParsedBundle,
  {
    material,
    thresholds,
  }: { readonly material: TrustMaterial; readonly thresholds: Trust['thresholds'] },
  layer: Buffer | undefined,
  isSignedBy: HasSigned = hasSigned,
): void {
  const entity = toSignedEntity(bundle, signed);
  const { signature: content } = entity;
  const old = entity.tlogEntries.filter(isIntotoV001);
  for (const entry of old) verifyIntotoV001(entry, layer, material);
  // Their times stay among the timestamps: the promise that proves them has just been verified.
  const tlogThreshold = Math.max(thresholds.tlogThreshold - old.length, 0);
  new Verifier(material, { ...thresholds, tlogThreshold }).verify({
    ...entity,
    // The engine knows SHA-256 alone, for the signature over an envelope and for what a log records of it.
    signature: {
      // What timestamps are over. cosign v2 has the whole envelope of an `.att` layer stamped: cosign pkg/cosign/verify.go, `VerifyRFC3161Timestamp`.
      signature: layer && bundle.content.$case === 'dsseEnvelope' ? layer : signature,
      compareSignature: (other) => content.compareSignature(other),
      compareDigest: (digest) => content.compareDigest(digest),
      compareSignedDigest: (digest) =>
        bundle.content.$case === 'dsseEnvelope' || digest.length > SHA256_BYTES
          ? isDigestOf(digest, signed)
          : content.compareSignedDigest(digest),
      verifySignature: (key) => isSignedBy(key, signed, signature),
    },
    tlogEntries: entity.tlogEntries.filter((entry) => !isIntotoV001(entry)).map(withoutBareProof),
  });
  checkLogs(bundle, material);
}

/** Of P-256, P-384 and P-521, as the Sigstore algorithm registry pairs them, by their length in bytes. */
const SHA256_BYTES = 32;
const HASHES = new Map([
  [SHA256_BYTES, 'sha256'],
  [48, 'sha384'],
  [64, 'sha512'],
]);

function isDigestOf(digest: Buffer, signed: Buffer): boolean {
  const hash = HASHES.get(digest.length);
  return hash !== undefined && createHash(hash).update(signed).digest().equals(digest);
}

/** Bundles v0.1 may hold a proof without a checkpoint, which proves nothing; their promise does. */
function withoutBareProof(
  entry: SignedEntity['tlogEntries'][number],
): SignedEntity['tlogEntries'][number] {
  return entry.inclusionPromise && entry.inclusionProof && !entry.inclusionProof.checkpoint
    ? { ...entry, inclusionProof: undefined }
    : entry;
}

/** The instance that bears a bundle out: one authority or log may be in several roots, and it is enough that one holds. Throws what the last one says. */
export function firstToHold(
  trusts: readonly Trust[],
  none: () => Refusal,
  check: (trust: Trust) => void,
): Trust {
  const [first, ...others] = trusts;
  if (!first) throw none();
  try {
    check(first);
    return first;
  } catch (error) {
    if (others.length === 0) throw error;
    return firstToHold(others, none, check);
  }
}
