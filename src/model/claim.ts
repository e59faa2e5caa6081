// What a step claims about its images, complete before any request.

/** Pairs that are signed with the image, sorted by key. */
export type Annotations = Readonly<Record<string, string>>;

/** A predicate from a file of the user. */
export interface PredicateDocument {
  readonly predicateType: string;
  readonly predicate: Readonly<Record<string, unknown>>;
}

export type Claim =
  | { readonly kind: 'signature'; readonly annotations: Annotations }
  | { readonly kind: 'provenance' }
  | ({ readonly kind: 'document' } & PredicateDocument);
