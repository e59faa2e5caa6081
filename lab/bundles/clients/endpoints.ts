// The URLs of a Sigstore instance, embedded or real.
export interface Endpoints {
  readonly fulcio: string;
  readonly rekorV1: string;
  readonly rekorV2: string;
  /** The timestamp authority. */
  readonly timestamp: string;
}
