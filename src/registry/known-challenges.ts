// What registries have required in this step: the next repository of the same registry logs in before its first request is refused.
import type { Repository } from '../model/reference.ts';
import { challengeForAny } from './auth.ts';

type Registry = Pick<Repository, 'registry'>;

export class KnownChallenges {
  /** Undefined if the challenge of one repository is not that of another. */
  readonly #known = new Map<string, string | undefined>();

  of({ registry }: Registry): string | undefined {
    return this.#known.get(registry);
  }

  /** Keeps the first challenge that led to an answer. */
  keep({ registry }: Registry, challenge: string): void {
    if (!this.#known.has(registry)) this.#known.set(registry, challengeForAny(challenge));
  }

  /** From now on, each repository waits for its own. */
  doubt({ registry }: Registry): void {
    this.#known.set(registry, undefined);
  }
}
