// Which of the things signed people are shown, and what each is called.
import type { SignedBundle } from '../model/bundle.ts';
import type { ReportedBundle } from '../model/report.ts';
import { nameOfType } from '../model/types.ts';

export interface ShownBundles {
  readonly shown: readonly ReportedBundle[];
  /** `and 16 more signatures, of what their indexes list`; empty if there are none. */
  readonly others: string;
}

/** Cosign v2's format has a signature for each manifest that an index lists: hundreds that differ in a digest. */
export function shownBundles(bundles: readonly ReportedBundle[]): ShownBundles {
  const shown = bundles.filter(({ signed }) =>
    signed.subjects.some(({ listedAs }) => listedAs === undefined),
  );
  const count = bundles.length - shown.length;
  const noun = count === 1 ? 'signature' : 'signatures';
  return { shown, others: count === 0 ? '' : `and ${count} more ${noun}, of what the index lists` };
}

/** `provenance`, `signature in cosign v2's format`. */
export function nameOfSigned({ predicateType, layer }: SignedBundle): string {
  const name = nameOfType(predicateType);
  return layer ? `${name} in cosign v2's format` : name;
}
