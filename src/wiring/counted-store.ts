// A store that says in the log how far it is.
import type { Counted } from '../concurrency/tally.ts';
import type { StoreName } from '../model/bundle.ts';
import type { Store } from '../stores/store.ts';
import { counting } from './counting.ts';

const COUNTS: Readonly<Record<StoreName, () => Counted>> = {
  registry: () => counting('Stored what was signed for', 'images'),
  legacy: () => counting('Stored what was signed for', 'images in the tags of cosign v2'),
  github: () => counting('Recorded', 'attestations at GitHub'),
};

export function countedStore(store: Store): Store {
  return {
    ...store,
    prepare: async (...asked) => {
      const prepared = await store.prepare(...asked);
      const onPlaced = COUNTS[store.name]();
      return {
        ...prepared,
        store: (bundles) => prepared.store(bundles, onPlaced),
      };
    },
  };
}
