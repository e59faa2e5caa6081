// What a step is asked to claim of its images, complete before anything is sent.

/** Pairs that are signed with the image, sorted by key. */
export type Annotations = Readonly<Record<string, string>>;

/** A predicate that the user brings along. */
export interface PredicateDocument {
  readonly predicateType: string;
  readonly predicate: Readonly<Record<string, unknown>>;
}

export type Claim =
  | { readonly kind: 'signature'; readonly annotations: Annotations }
  | { readonly kind: 'provenance' }
  | ({ readonly kind: 'document' } & PredicateDocument);
