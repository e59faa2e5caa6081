// Values that the authorities of all policies of a step share.
import type { Repository } from '../model/reference.ts';

export interface Surroundings {
  /** The file of the document, relative to the workspace. */
  readonly origin: string;
  /** The input `trusted-root`, as a path. */
  readonly trustedRoot: string | undefined;
  readonly shared: Shared;
}

/** Values that must be the same for all of them. */
export interface Shared {
  /** The place of the evidence; `with-image` once an authority has no source. */
  source?: Repository | 'with-image';
  /** The TrustRoot that is referred to; `none` once an authority refers to none. */
  trustRootRef?: string;
}
