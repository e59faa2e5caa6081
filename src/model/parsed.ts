// The result of reading untrusted text: a value, or the problem and its remedy.

export interface Problem {
  /** What is wrong with the text, without the name of the input it came from. */
  readonly problem: string;
  /** What to write instead. */
  readonly remedy: string;
}

export type Parsed<T> = { readonly value: T } | Problem;

export type NonEmpty<T> = readonly [T, ...T[]];

export function isProblem<T>(parsed: Parsed<T>): parsed is Problem {
  return 'problem' in parsed;
}

export function isNonEmpty<T>(items: readonly T[]): items is NonEmpty<T> {
  return items.length > 0;
}

export function mapEach<T, U>(
  items: NonEmpty<T>,
  change: (item: T, position: number) => U,
): NonEmpty<U> {
  const [first, ...others] = items;
  return [change(first, 0), ...others.map((item, index) => change(item, index + 1))];
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON value in `text`, or undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
