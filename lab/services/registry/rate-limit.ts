// A rate limit as registries have it: a bucket that holds the requests of one second and is filled at a steady rate.
import { Refusal } from '../answer.ts';
import type { RegistrySettings } from './settings.ts';

export class RateLimit {
  readonly #settings: RegistrySettings;
  #left = 0;
  #filledAt = 0;

  constructor(settings: RegistrySettings) {
    this.#settings = settings;
  }

  /** Takes one request out of the bucket; throws the answer to one too many. */
  take(): void {
    const { requestsPerSecond: rate, retryAfter } = this.#settings;
    if (rate === 0) return;
    const now = performance.now();
    this.#left = Math.min(rate, this.#left + ((now - this.#filledAt) / 1000) * rate);
    this.#filledAt = now;
    if (this.#left < 1) {
      const headers = { ...(retryAfter === 'given' ? { 'Retry-After': '1' } : {}) };
      throw new Refusal({ status: 429, headers, body: 'toomanyrequests' });
    }
    this.#left -= 1;
  }
}
