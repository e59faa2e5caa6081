// What became of evidence that was to be copied to other repositories, in words.
import type { StoredBundle, VerifiedBundle } from '../model/bundle.ts';
import { formatRepository } from '../model/reference.ts';
import type { Copying } from '../model/report.ts';
import { nameOfType } from '../model/types.ts';
import { forLog } from './untrusted.ts';

/** Where a bundle was copied to; undefined where none was to be. */
export function copiesOf(
  bundle: VerifiedBundle,
  copying: Copying | undefined,
): readonly StoredBundle[] | undefined {
  if (copying?.kind !== 'done') return undefined;
  return copying.copied.find((each) => each.bundle === bundle)?.stored;
}

/** Lines of a log: every bundle with the places that have it now. */
export function explainCopying(copying: Copying): readonly string[] {
  if (copying.kind === 'withheld') return [withheld(copying)];
  const lines = copying.copied.flatMap(({ bundle: { found, statement }, stored }) => {
    const what = `${nameOfType(statement.predicateType)} at ${found.place}`;
    return stored.map(({ place }) => forLog(`Copied ${what} to ${place}`));
  });
  const isNothing = copying.copied.length === 0 && copying.failures.length === 0;
  return isNothing ? [`No evidence to copy to ${targetsOf(copying)}`] : lines;
}

export function withheld(copying: Copying): string {
  return `No evidence was copied to ${targetsOf(copying)}: not every image is accepted`;
}

function targetsOf({ targets }: Copying): string {
  return targets.map(formatRepository).join(', ');
}
