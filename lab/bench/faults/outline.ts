// Matrices as text: the counts, the requests of one with alike results together, what is unusual in all, and every cell.
import { table } from '../table.ts';
import { allFaults } from './kinds.ts';
import type { FilledCell, Matrix } from './matrix.ts';
import { type Duration, DURATIONS, nameOf, type Request } from './requests.ts';

/** Names for faults that usually have one result. */
const GROUPS = new Map(Map.groupBy(allFaults, ({ group }) => group));

/** One row for each matrix; the last column is what must be 0. */
export function countsOf(matrices: readonly Matrix[]): readonly (readonly string[])[] {
  const row = ({ name, requests, cells }: Matrix): readonly string[] => {
    const count = (wanted: (result: string) => boolean): string =>
      String(cells.filter(({ result }) => wanted(result)).length);
    return [
      name,
      String(requests.length),
      String(cells.length),
      count((result) => result === 'ok'),
      count((result) => result !== 'ok' && !isDefect(result)),
      count(isDefect),
    ];
  };
  const all = { name: 'all', ...merged(matrices) };
  return [
    ['case', 'requests', 'cells', 'ok', 'fails or inconclusive', 'defects'],
    ...[...matrices, all].map(row),
  ];
}

/** Requests with the same results in one row, and each result with the faults that have it. */
export function outline({ name, requests, cells }: Matrix): string {
  const rows = Map.groupBy(requests, (request) => keyOf(request, cells));
  return table([
    [name, ...durationsIn(cells)],
    ...[...rows].map(([key, alike]) => [alike.map(nameOf).join('<br>'), ...resultsFor(key)]),
  ]);
}

/** One row for each kind of results; the most frequent one is that of all requests that are not named. */
export function overview(title: string, matrices: readonly Matrix[]): string {
  const all = matrices.flatMap(({ name, requests, cells }) =>
    requests.map((request) => ({ name, request: nameOf(request), key: keyOf(request, cells) })),
  );
  const [usual, ...others] = [...Map.groupBy(all, ({ key }) => key)].sort(
    ([, a], [, b]) => b.length - a.length,
  );
  if (!usual) return '';
  const rows = others.map(([key, alike]) => {
    const cases = Map.groupBy(alike, ({ request }) => request);
    const named = [...cases].map(
      ([request, own]) =>
        `${request}: ${own.map(({ name }) => name.replace(`${title}, `, '')).join('; ')}`,
    );
    return [named.join('<br>'), ...resultsFor(key)];
  });
  return table([
    [title, ...durationsIn(matrices.flatMap(({ cells }) => cells))],
    [`all ${usual[1].length} others`, ...resultsFor(usual[0])],
    ...rows,
  ]);
}

/** One row for each request, one column for each fault, with the results of each duration. */
export function everyCell({ name, requests, cells }: Matrix): string {
  const faults = [...new Set(cells.map(({ fault }) => fault))];
  const rows = requests.map((request) => [
    nameOf(request),
    ...faults.map((fault) => {
      const own = cells.filter((cell) => cell.request === request && cell.fault === fault);
      const results = own.map(({ result }) => result);
      return new Set(results).size === 1 ? (results[0] ?? '') : results.join(' / ');
    }),
  ]);
  return table([[name, ...faults.map((fault) => fault.name)], ...rows]);
}

function keyOf(request: Request, cells: readonly FilledCell[]): string {
  const own = cells.filter((cell) => cell.request === request);
  return durationsIn(cells)
    .map((duration) => resultsIn(own.filter((cell) => cell.duration === duration)))
    .join('\n');
}

function durationsIn(cells: readonly FilledCell[]): readonly Duration[] {
  return DURATIONS.filter((duration) => cells.some((cell) => cell.duration === duration));
}

function resultsFor(key: string): readonly string[] {
  return key.split('\n');
}

/** `ok`, or `ok; fails: 401, hang`: the most frequent result, and the others with their faults. */
function resultsIn(cells: readonly FilledCell[]): string {
  // What is only slow must not change anything.
  const results = Map.groupBy(
    cells.filter(({ fault, result }) => fault.group !== 'slow' || result !== 'ok'),
    ({ result }) => result,
  );
  const [most, ...others] = [...results].sort(([, a], [, b]) => b.length - a.length);
  if (!most) return '';
  return [most[0], ...others.map(([result, own]) => `${result}: ${faultsIn(own)}`)].join('; ');
}

/** A whole group by its name. */
function faultsIn(cells: readonly FilledCell[]): string {
  const names = new Set(cells.map(({ fault }) => fault.name));
  return [...GROUPS]
    .flatMap(([group, faults]) => {
      const own = faults.filter(({ name }) => names.has(name)).map(({ name }) => name);
      return own.length === faults.length && own.length > 1 ? [group] : own;
    })
    .join(', ');
}

function isDefect(result: string): boolean {
  return result === result.toUpperCase();
}

function merged(matrices: readonly Matrix[]): Pick<Matrix, 'requests' | 'cells'> {
  return {
    requests: matrices.flatMap(({ requests }) => requests),
    cells: matrices.flatMap(({ cells }) => cells),
  };
}
