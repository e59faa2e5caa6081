// One call of `@sigstore/verify` for a bundle, plus the checks of formats that it does not support.
import { toSignedEntity, type TrustMaterial, Verifier } from '@sigstore/verify';
import { isIntotoV001, verifyIntotoV001 } from './intoto-entry.ts';
import type { ParsedBundle } from './parse-bundle.ts';
import { isNonEmpty, type NonEmpty } from '../../model/non-empty.ts';
import type { LeafCertificate } from '../leaf-certificate.ts';
import type { Refusal } from '../refusal.ts';
import type { Trust } from '../trust/trust.ts';
import { checkLogs } from './witnesses.ts';

type SignedEntity = ReturnType<typeof toSignedEntity>;

/** Throws if any checkable part of the bundle is invalid, or the thresholds are not met. The certificate is that of the bundle. */
export function runEngine(
  { bundle, layer, signed, signature }: ParsedBundle,
  {
    material,
    thresholds,
  }: { readonly material: TrustMaterial; readonly thresholds: Trust['thresholds'] },
  certificate?: LeafCertificate,
): void {
  const entity = toSignedEntity(bundle);
  const { signature: content } = entity;
  const isEnvelope = bundle.content.$case === 'dsseEnvelope';
  const old = entity.tlogEntries.filter(isIntotoV001);
  for (const entry of old) verifyIntotoV001(entry, layer, material);
  // Their times stay among the timestamps: the promise that proves them was just verified.
  const tlogThreshold = Math.max(thresholds.tlogThreshold - old.length, 0);
  new Verifier(material, { ...thresholds, tlogThreshold }).verify({
    ...entity,
    ...(certificate ? { key: { $case: 'certificate' as const, certificate } } : {}),
    // The engine supports only SHA-256, both for the signature over an envelope and for the log entry about it.
    signature: {
      // The bytes that timestamps are over. cosign v2 timestamps the whole envelope of an `.att` layer: cosign pkg/cosign/verify.go, `VerifyRFC3161Timestamp`.
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

/** Bundles v0.1 can contain a proof without a checkpoint, which proves nothing; their promise does. */
function withoutBareProof(
  entry: SignedEntity['tlogEntries'][number],
): SignedEntity['tlogEntries'][number] {
  return entry.inclusionPromise && entry.inclusionProof && !entry.inclusionProof.checkpoint
    ? { ...entry, inclusionProof: undefined }
    : entry;
}

/**
 * The roots with which a bundle verifies, the first of each name: several of them can contain the same authority or log, and one is enough. Throws the
 * error of the last one if none succeeds.
 */
export function confirmingRoots(
  trusts: readonly Trust[],
  none: () => Refusal,
  check: (trust: Trust) => void,
): NonEmpty<Trust> {
  const confirming: Trust[] = [];
  let refusal: Error = none();
  for (const trust of trusts) {
    if (confirming.some(({ roots }) => roots === trust.roots)) continue;
    try {
      check(trust);
      confirming.push(trust);
    } catch (error) {
      refusal = Error.isError(error) ? error : none();
    }
  }
  if (isNonEmpty(confirming)) return confirming;
  throw refusal;
}
