// The input `signature-format`: the formats of signatures and attestations in a registry. GitHub's store accepts bundles only.
import type { StoreName } from '../model/bundle.ts';
import { DEFAULTS, type RawInputs } from './inputs.ts';
import type { Problems } from './problems.ts';

/** `bundle`: a referrer, as cosign v3. `legacy`: the tags `.sig` and `.att`, as cosign v2. */
export type SignatureFormat = 'bundle' | 'legacy';

const PLACES = {
  bundle: 'registry',
  legacy: 'legacy',
} as const satisfies Readonly<Record<SignatureFormat, StoreName>>;

/** The stores, with the registry once for each format. */
export function inFormats(
  stores: readonly ('registry' | 'github')[],
  formats: readonly SignatureFormat[],
): readonly StoreName[] {
  return stores.flatMap((store) =>
    store === 'registry' ? formats.map((format) => PLACES[format]) : [store],
  );
}

export function refuseFormatElsewhere(
  { 'signature-format': format }: RawInputs,
  stores: readonly StoreName[],
  problems: Problems,
): void {
  // If no store is known, that is the problem to report.
  if (stores.length === 0 || stores.includes('registry')) return;
  if (format === DEFAULTS['signature-format']) return;
  problems.add(
    'INPUT_CONFLICT',
    'Cannot use "signature-format": "stores" does not include "registry", and GitHub takes bundles only',
    'add "registry" to "stores", or remove "signature-format"',
  );
}
