// In how many places a step says that bundles are stored.
import type { ActionResult } from '../../runner/run-action.ts';

interface Bundle {
  readonly stored?: readonly object[];
  readonly copied?: readonly object[];
}

interface Result {
  readonly bundles?: readonly Bundle[];
  readonly evidence?: readonly { readonly bundles: readonly Bundle[] }[];
}

export function storedIn({ outputs }: ActionResult): number {
  const results = JSON.parse(outputs['results'] || '[]') as readonly Result[];
  const places = results
    .flatMap(({ bundles = [], evidence = [] }) => [
      ...bundles,
      ...evidence.flatMap((each) => each.bundles),
    ])
    .flatMap(({ stored = [], copied = [] }) => [...stored, ...copied]);
  // A record at GitHub is one for all subjects of its statement, and each of them names it.
  return new Set(places.map((place) => JSON.stringify(place))).size;
}
