// The input for every verifier: a bundle, the expected signer, the artifact and the trusted root.
import type { Arguments } from '../conformance/arguments.ts';
import type { Digest } from '../../src/model/digest.ts';

export interface Question extends Omit<Arguments, 'trustedRoot'> {
  /** Its collection and its name there: `java/bundle.dsse.sigstore`. */
  readonly name: string;
  readonly collection: Collection;
  readonly trustedRoot: string;
  /** Our expected result: nothing, or the text of the rejection. */
  readonly refusal: RegExp | undefined;
  /** For bundles about images, which the product itself verifies; others go through the client of sigstore-conformance. */
  readonly image?: Image;
  /** The user required no log entry and no timestamp. */
  readonly unwitnessed?: boolean;
}

export type Collection = 'vectors of others' | 'our own vectors';

export interface Image {
  readonly digest: Digest;
  /** The layer of a `.sig` or `.att` image that the bundle was made from. */
  readonly layer: Buffer | undefined;
}

export const ANY_REFUSAL = /^/;
