// What a source finds: a bundle of untrusted bytes, and where it is.
import type { Digest } from './digest.ts';

export type SourceName = 'registry' | 'legacy' | 'github' | 'file';

export interface Found {
  readonly source: SourceName | 'this step';
  /** The place where it was found, for messages: `ghcr.io/acme/app@sha256:…`, `attestation 123`. */
  readonly place: string;
}

/** Untrusted bytes: anyone with push access can write them. */
export interface FoundBundle extends Found {
  readonly json: Buffer;
  /** The layer of a `.sig` or `.att` image that the bundle was made from, byte for byte: the signed payload, or the envelope. */
  readonly layer?: Buffer;
  /** The annotations of the layer that cosign writes. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Set if it is about BuildKit's statement on the image instead of the image itself. */
  readonly attested?: Attested;
}

/** BuildKit's statement about an image, byte for byte, and the manifest that lists it. */
export interface Attested {
  readonly image: Digest;
  readonly manifest: Buffer;
  readonly statement: Buffer;
}
