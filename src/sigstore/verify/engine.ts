// One call of `@sigstore/verify` for a bundle, plus the checks of formats that it does not support.
import { toSignedEntity, type TrustMaterial, Verifier } from '@sigstore/verify';
import { isIntotoV001, verifyIntotoV001 } from './intoto-entry.ts';
import type { ParsedBundle } from './parse-bundle.ts';
import { isNonEmpty, type NonEmpty } from '../../model/non-empty.ts';
import type { Refusal } from '../refusal.ts';
import type { Trust } from '../trust/trust.ts';
import { checkLogs } from './witnesses.ts';

type SignedEntity = ReturnType<typeof toSignedEntity>;

/** Throws when anything in the bundle that could be checked does not hold, or the thresholds are not met. */
export function runEngine(
  { bundle, layer, signed, signature }: ParsedBundle,
  {
    material,
    thresholds,
  }: { readonly material: TrustMaterial; readonly thresholds: Trust['thresholds'] },
): void {
  const entity = toSignedEntity(bundle);
  const { signature: content } = entity;
  const isEnvelope = bundle.content.$case === 'dsseEnvelope';
  const old = entity.tlogEntries.filter(isIntotoV001);
  for (const entry of old) verifyIntotoV001(entry, layer, material);
  // Their times stay among the timestamps: the promise that proves them has just been verified.
  const tlogThreshold = Math.max(thresholds.tlogThreshold - old.length, 0);
  new Verifier(material, { ...thresholds, tlogThreshold }).verify({
    ...entity,
    // The engine knows SHA-256 alone, for the signature over an envelope and for what a log records of it.
    signature: {
      // What timestamps are over. cosign v2 has the whole envelope of an `.att` layer stamped: cosign pkg/cosign/verify.go, `VerifyRFC3161Timestamp`.
      signature: layer && isEnvelope ? layer : signature,
      compareSignature: (other) => content.compareSignature(other),
      compareDigest: (digest) => content.compareDigest(digest),
      compareSignedDigest: (digest) =>
        isEnvelope || digest.length > SHA256_BYTES
          ? signed.hasDigest(digest)
          : content.compareSignedDigest(digest),
      verifySignature: (key) => signed.isSignedBy(key, signature),
    },
    tlogEntries: entity.tlogEntries.filter((entry) => !isIntotoV001(entry)).map(withoutBareProof),
  });
  checkLogs(bundle, material);
}

const SHA256_BYTES = 32;

/** Bundles v0.1 may hold a proof without a checkpoint, which proves nothing; their promise does. */
function withoutBareProof(
  entry: SignedEntity['tlogEntries'][number],
): SignedEntity['tlogEntries'][number] {
  return entry.inclusionPromise && entry.inclusionProof && !entry.inclusionProof.checkpoint
    ? { ...entry, inclusionProof: undefined }
    : entry;
}

/**
 * The roots that bear a bundle out, the first of each name: one authority or log may be in several of them, and it is enough that one holds. Throws what
 * the last one says when none does.
 */
export function bearingOut(
  trusts: readonly Trust[],
  none: () => Refusal,
  check: (trust: Trust) => void,
): NonEmpty<Trust> {
  const bearing: Trust[] = [];
  let refusal: Error = none();
  for (const trust of trusts) {
    if (bearing.some(({ roots }) => roots === trust.roots)) continue;
    try {
      check(trust);
      bearing.push(trust);
    } catch (error) {
      refusal = Error.isError(error) ? error : none();
    }
  }
  if (isNonEmpty(bearing)) return bearing;
  throw refusal;
}
