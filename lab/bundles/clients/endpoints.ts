// Where an instance of Sigstore is asked, be it an embedded one or a real one.
export interface Endpoints {
  readonly fulcio: string;
  readonly rekorV1: string;
  readonly rekorV2: string;
  /** Of the timestamp authority. */
  readonly timestamp: string;
}
