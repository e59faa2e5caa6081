// The bytes of evidence, for copying: a verified bundle has none, because the bytes of everything that is found would be gigabytes.
import type { FoundBundle } from './model/found.ts';
import type { VerifiedBundle } from './model/bundle.ts';

/** Bytes of all images of a step. */
const LIMIT = 256 << 20;

export class EvidenceBytes {
  readonly #found = new Map<VerifiedBundle, FoundBundle>();
  readonly #limit: number;
  #used = 0;

  constructor(limit = LIMIT) {
    this.#limit = limit;
  }

  /** Beyond the limit nothing is kept. */
  keep(bundle: VerifiedBundle, found: FoundBundle): void {
    const size = (found.layer ?? found.json).length;
    if (this.#used + size > this.#limit) return;
    this.#used += size;
    this.#found.set(bundle, found);
  }

  /** Undefined for what was not kept. */
  of(bundle: VerifiedBundle): FoundBundle | undefined {
    return this.#found.get(bundle);
  }
}
