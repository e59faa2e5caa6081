// Which signed bundles are shown in reports, and their names.
import type { SignedBundle } from '../model/bundle.ts';
import type { ReportedBundle } from '../model/report.ts';
import { nameOfType } from '../model/types.ts';

export interface ShownBundles {
  readonly shown: readonly ReportedBundle[];
  /** `and 16 more signatures, of what their indexes list`; empty if there are none. */
  readonly others: string;
}

/** In cosign v2's format each manifest of an index has a signature: hundreds that differ only in a digest. */
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
