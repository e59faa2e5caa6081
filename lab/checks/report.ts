// Renders the checks: a table per place, the failures, and the total.
import { lastLines } from '../tools/command.ts';
import type { Check, Outcome } from './check.ts';

export function render(checks: readonly Check[]): string {
  const tables = distinct(checks.map(({ table }) => table)).map((name) =>
    renderTable(
      name,
      checks.filter(({ table }) => table === name),
    ),
  );
  return [...tables, ...renderReasons(checks), ...renderFailures(checks), renderSum(checks), '']
    .join('\n\n')
    .trimEnd();
}

function renderTable(name: string, checks: readonly Check[]): string {
  const columns = distinct(checks.map(({ column }) => column));
  const rows = distinct(checks.map(({ row }) => row));
  const cell = (row: string, column: string): string =>
    renderCell(checks.filter((check) => check.row === row && check.column === column));
  const grid = [
    ['', ...columns],
    ...rows.map((row) => [row, ...columns.map((column) => cell(row, column))]),
  ];
  const widths =
    grid[0]?.map((_, index) => Math.max(...grid.map((line) => line[index]?.length ?? 0))) ?? [];
  const lines = grid.map((line) =>
    line
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('   ')
      .trimEnd(),
  );
  return [name, ...lines.map((line) => `  ${line}`)].join('\n');
}

function renderCell(checks: readonly Check[]): string {
  const count = (outcome: Outcome): number =>
    checks.filter((check) => check.outcome === outcome).length;
  if (count('failed') > 0) return `${count('passed')} of ${checks.length}  FAILED`;
  if (count('skipped') > 0) return 'skipped';
  return count('passed') > 0 ? `${count('passed')} of ${checks.length}` : '–';
}

function renderReasons(checks: readonly Check[]): readonly string[] {
  const explained = checks.filter(
    ({ outcome, detail }) => (outcome === 'skipped' || outcome === 'impossible') && detail !== '',
  );
  const lines = distinct(
    explained.map(
      ({ row, column, outcome, detail }) =>
        `${outcome === 'skipped' ? 'SKIPPED' : '–'} ${row} | ${column}: ${detail}`,
    ),
  );
  return lines.length > 0 ? [lines.join('\n')] : [];
}

/** One cause often fails many checks. */
function renderFailures(checks: readonly Check[]): readonly string[] {
  const failures = Map.groupBy(
    checks.filter(({ outcome }) => outcome === 'failed'),
    ({ detail }) => detail,
  );
  return [...failures].map(([detail, alike]) => {
    const heads = alike.map(
      ({ table, row, column, name }) => `FAILED ${table} | ${row} | ${column} | ${name}`,
    );
    return [...heads, indent(lastLines(detail, 12))].join('\n');
  });
}

function renderSum(checks: readonly Check[]): string {
  const count = (outcome: Outcome): number =>
    checks.filter((check) => check.outcome === outcome).length;
  const skipped = count('skipped') > 0 ? `, ${count('skipped')} skipped` : '';
  return `${count('passed')} passed, ${count('failed')} failed${skipped}`;
}

function indent(text: string): string {
  return text.replace(/ +$/gm, '').replace(/^/gm, '    ');
}

function distinct(items: readonly string[]): readonly string[] {
  return [...new Set(items)];
}
