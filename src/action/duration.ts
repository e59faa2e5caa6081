// Durations in inputs: a number and a unit.
import type { Parsed } from '../text/parsed.ts';

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds; `units` are the units that make sense for it. */
export function parseDuration(text: string, units: string, examples: string): Parsed<number> {
  const [, number = '', unit = ''] = /^(\d{1,5})([a-z])$/.exec(text) ?? [];
  const milliseconds = units.includes(unit)
    ? Number(number) * (UNITS[unit] ?? Number.NaN)
    : Number.NaN;
  return Number.isNaN(milliseconds)
    ? { problem: `"${text}" is not a duration`, remedy: `write a number and a unit: ${examples}` }
    : { value: milliseconds };
}
