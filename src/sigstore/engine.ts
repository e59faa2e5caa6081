// One call of `@sigstore/verify` over a bundle, with what it cannot read done beside it.
import { toSignedEntity, type TrustMaterial, Verifier } from '@sigstore/verify';
import { isIntotoV001, verifyIntotoV001 } from './intoto-entry.ts';
import type { ParsedBundle } from './parse-bundle.ts';
import type { Trust } from './trust.ts';

type SignedEntity = ReturnType<typeof toSignedEntity>;

/** How the signature itself is checked where the engine's own way does not fit; the default is the engine's. */
export type SignatureCheck = (signature: SignedEntity['signature']) => SignedEntity['signature'];

/** Throws when anything in the bundle that could be checked does not hold, or the thresholds are not met. */
export function runEngine(
  { bundle, signed }: ParsedBundle,
  { material, thresholds }: { readonly material: TrustMaterial; readonly thresholds: Trust['thresholds'] },
  envelope: Buffer | undefined,
  check: SignatureCheck = (signature) => signature,
): void {
  const entity = toSignedEntity(bundle, signed);
  const old = entity.tlogEntries.filter(isIntotoV001);
  for (const entry of old) verifyIntotoV001(entry, envelope, material);
  // Their times stay among the timestamps: the promise that vouches for them has just been verified.
  const tlogThreshold = Math.max(thresholds.tlogThreshold - old.length, 0);
  new Verifier(material, { ...thresholds, tlogThreshold }).verify({
    ...entity, signature: check(entity.signature), tlogEntries: entity.tlogEntries.filter((entry) => !isIntotoV001(entry)).map(withoutBareProof),
  });
}

/** Bundles v0.1 may hold a proof without a checkpoint, which proves nothing; their promise does. */
function withoutBareProof(entry: SignedEntity['tlogEntries'][number]): SignedEntity['tlogEntries'][number] {
  return entry.inclusionPromise && entry.inclusionProof && !entry.inclusionProof.checkpoint ? { ...entry, inclusionProof: undefined } : entry;
}
