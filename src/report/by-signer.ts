// Bundles of many images, in a table for each signer with a row for each bundle.
import type { VerifiedBundle } from '../model/bundle.ts';
import { andMore, fitting } from './fold.ts';
import { table } from './markdown.ts';
import { entriesIn, whoRows } from './signer-rows.ts';

/** Bytes of all tables. */
const LARGEST = 120_000;

export interface BundleRow {
  readonly image: string;
  /** `signature`. */
  readonly title: string;
  readonly bundle: VerifiedBundle;
  /** Further cells, as in the header. */
  readonly cells: readonly string[];
}

/** Sections of a summary; `header` names the further cells. */
export function bySigner(rows: readonly BundleRow[], header: readonly string[]): readonly string[] {
  const known = new Set<string>();
  const shown = fitting(rows, LARGEST, (row) => {
    const who = whoTable(row);
    const isNew = !known.has(who);
    known.add(who);
    return `${isNew ? who : ''}${cellsOf(row).join(' | ')}`;
  });
  return [
    ...[...Map.groupBy(shown, whoTable)].flatMap(([who, group]) => [
      who,
      table(['image', 'time', 'log entry', ...header], group.map(cellsOf)),
    ]),
    ...andMore(rows.length - shown.length),
  ];
}

function whoTable({ title, bundle }: BundleRow): string {
  return table(['', title], whoRows(bundle));
}

function cellsOf({ image, bundle, cells }: BundleRow): readonly string[] {
  const [first] = bundle.times;
  return [image, first?.time.toISOString() ?? '', entriesIn(bundle), ...cells];
}
