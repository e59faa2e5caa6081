// Shortens the output `results`: anyone with push access can add to it, and an environment variable is limited to 128 KiB.
import type { JudgedImage, Result, SignedImage } from './results.ts';

/** Characters of the output. */
export const RESULTS_LIMIT = 100_000;

interface Level {
  /** Rejections of each kind, failures and places. */
  readonly refusals: number;
  /** Bundles of each requirement. */
  readonly bundles: number;
}

/** The order of omission: places and the least relevant rejections first, then evidence beyond the first. */
const LEVELS: readonly Level[] = [
  { refusals: 20, bundles: 20 },
  { refusals: 5, bundles: 5 },
  { refusals: 1, bundles: 1 },
  { refusals: 0, bundles: 1 },
  { refusals: 0, bundles: 0 },
];
const REFUSALS = ['unacceptable', 'rejections', 'ignored', 'looked', 'failures'] as const;

/** JSON of at most `limit` characters; what is omitted is counted in `omitted`. */
export function shorten(results: readonly Result[], limit = RESULTS_LIMIT): string {
  const whole = JSON.stringify(results);
  if (whole.length <= limit) return whole;
  for (const level of LEVELS) {
    const text = JSON.stringify(results.map((result) => reduced(result, level)));
    if (text.length <= limit) return text;
  }
  return fewer(results, limit);
}

function reduced(result: Result, level: Level): object {
  if ('planned' in result) return result;
  return 'verdict' in result ? reducedVerdict(result, level) : reducedBundles(result, level);
}

function reducedVerdict(result: JudgedImage, { refusals, bundles }: Level): object {
  const omitted: Record<string, number> = {};
  const evidence = result.evidence.map((each) => {
    const left = each.bundles.length - bundles;
    if (left > 0) omitted['evidence'] = (omitted['evidence'] ?? 0) + left;
    return { ...each, bundles: each.bundles.slice(0, bundles) };
  });
  const lists = REFUSALS.map((name) => {
    const left = result[name].length - refusals;
    if (left > 0) omitted[name] = left;
    return [name, nearestFirst(name, result).slice(0, refusals)] as const;
  });
  return { ...result, evidence, ...Object.fromEntries(lists), omitted };
}

function reducedBundles({ bundles, ...image }: SignedImage, level: Level): object {
  const kept = bundles.slice(0, level.bundles);
  return { ...image, bundles: kept, omitted: { bundles: bundles.length - kept.length } };
}

/** A signer that breaks one rule is closer to what is required than one that breaks three. */
function nearestFirst(name: (typeof REFUSALS)[number], result: JudgedImage): readonly object[] {
  if (name !== 'unacceptable') return result[name];
  return result.unacceptable.toSorted((a, b) => findingsIn(a) - findingsIn(b));
}

function findingsIn({ findings }: Readonly<Record<string, unknown>>): number {
  return Array.isArray(findings) ? findings.length : 0;
}

/** Only the first images, and the number of the others. */
function fewer(results: readonly Result[], limit: number): string {
  const smallest = results.map((result) => reduced(result, { refusals: 0, bundles: 0 }));
  const kept: object[] = [];
  let size = JSON.stringify([{ omitted: { images: results.length } }]).length;
  for (const each of smallest) {
    size += JSON.stringify(each).length + 1;
    if (size > limit) break;
    kept.push(each);
  }
  return JSON.stringify([...kept, { omitted: { images: results.length - kept.length } }]);
}
