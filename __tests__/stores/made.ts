// A bundle as the signing step passes it to the stores, with any bytes.
import {
  type MadeBundle,
  type SignedBundle,
  signedBundle,
  type VerifiedBundle,
} from '../../src/model/bundle.ts';
import { verifiedBundle } from '../../lab/bundles/evidence.ts';

export function madeBundle(
  parts: Omit<SignedBundle, 'id'>,
  verified: VerifiedBundle = verifiedBundle({
    source: 'this step',
    predicateType: parts.predicateType,
  }),
  file = 'out/bundle.json',
): MadeBundle {
  return { signed: signedBundle(parts), verified, file };
}
