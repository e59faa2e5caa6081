// The progress of a signing step, reported if it is cancelled.
import { dirname } from 'node:path';
import type { Remedied } from '../errors.ts';
import { mapEach } from '../model/non-empty.ts';
import type { SignServices } from '../sign.ts';
import type { Store } from '../stores/store.ts';

/** What a cancelled step leaves behind. */
export class Progress {
  #isSigning = false;
  #keptIn: string | undefined;
  readonly #places = new Set<string>();

  /** The services, with their calls recorded here. */
  watch(services: SignServices): SignServices {
    return {
      ...services,
      stores: mapEach(services.stores, (store) => this.#watchStore(store)),
      identify: async () => {
        const party = await services.identify();
        const openSigner: typeof party.openSigner = () => {
          this.#isSigning = true;
          return party.openSigner();
        };
        return { ...party, openSigner };
      },
      keep: async (signed) => {
        const kept = await services.keep(signed);
        this.#keptIn = dirname(kept.file);
        return kept;
      },
    };
  }

  describe(): Remedied {
    if (!this.#isSigning && this.#keptIn === undefined)
      return {
        message: 'Cannot finish signing: the step was cancelled before anything was signed',
        remedy: 'run the job again',
      };
    const kept = this.#keptIn === undefined ? '' : `, kept in ${this.#keptIn}`;
    const stored = this.#places.size > 0 ? `, stored at ${[...this.#places].join(', ')}` : '';
    return {
      message: `Cannot finish signing: the step was cancelled when a certificate or signatures may have been logged${kept}${stored}`,
      remedy:
        'run the job again: what is stored is not signed again, and what is missing is stored',
    };
  }

  #watchStore(store: Store): Store {
    return {
      ...store,
      prepare: async (...asked) => {
        const prepared = await store.prepare(...asked);
        return {
          ...prepared,
          store: async (...given) => {
            const outcome = await prepared.store(...given);
            for (const { place } of outcome.stored) this.#places.add(place);
            return outcome;
          },
        };
      },
    };
  }
}
