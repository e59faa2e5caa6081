// How many bundles a step says are stored somewhere.
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
  return results
    .flatMap(({ bundles = [], evidence = [] }) => [
      ...bundles,
      ...evidence.flatMap((each) => each.bundles),
    ])
    .reduce((count, { stored = [], copied = [] }) => count + stored.length + copied.length, 0);
}
