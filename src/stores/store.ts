// The role of a place that bundles are stored in.
import type { Counted } from '../concurrency/tally.ts';
import type { ActionError } from '../errors.ts';
import type { Format, StorableBundle, StoredBundle, StoreName } from '../model/bundle.ts';
import type { Claim } from '../model/claim.ts';
import type { NonEmpty } from '../model/non-empty.ts';
import type { Subject } from '../model/subject.ts';

export interface Store {
  readonly name: StoreName;
  /** Whether this store accepts signed content of this predicate type in this format. */
  takes(predicateType: string, format: Format): boolean;
  /** Throws every problem that can be found in advance; writes nothing permanent. `claims` are those that will be signed, none for a copy. */
  prepare(subjects: NonEmpty<Subject>, claims: readonly Claim[]): Promise<PreparedStore>;
}

export interface PreparedStore extends Pick<Store, 'takes'> {
  /** Where bundles will be stored, for messages. */
  readonly places: readonly string[];
  /** Stores every bundle for each of its subjects and returns when readers can find them; never throws, so that everything stored is reported. A bundle that was found is not stored again. `onPlaced` counts the images whose bundles are there, or the bundles where a store is not of images, in all calls together. */
  store(bundles: readonly StorableBundle[], onPlaced?: Counted): Promise<StoreOutcome>;
}

export interface StoreOutcome {
  /** One for each bundle and place, in any order. */
  readonly stored: readonly StoredBundle[];
  readonly failures: readonly ActionError[];
}

export function together(outcomes: readonly StoreOutcome[]): StoreOutcome {
  return {
    stored: outcomes.flatMap(({ stored }) => stored),
    failures: outcomes.flatMap(({ failures }) => failures),
  };
}
