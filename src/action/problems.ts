// Collects input problems, so that one run reports all of them.
import { ActionError, ActionErrors } from '../errors.ts';
import { isProblem, type Parsed } from '../text/parsed.ts';
import type { InputName } from './inputs.ts';

export class Problems {
  readonly #errors: ActionError[] = [];

  add(
    code: 'INPUT_MISSING' | 'INPUT_INVALID' | 'INPUT_CONFLICT' | 'INPUT_UNSAFE',
    message: string,
    remedy: string,
  ): void {
    this.#errors.push(new ActionError('input', code, { message, remedy }));
  }

  include(error: ActionError): void {
    this.#errors.push(error);
  }

  /** The value, or undefined with the problem noted under the input's name. */
  take<T>(input: InputName, parsed: Parsed<T>): T | undefined {
    if (!isProblem(parsed)) return parsed.value;
    this.add('INPUT_INVALID', `Cannot use "${input}": ${parsed.problem}`, parsed.remedy);
    return undefined;
  }

  /** The valid values of a list, noting the problem of each invalid one; an explicitly set list must not be empty. */
  takeEach<T>(
    input: InputName,
    items: readonly string[],
    parse: (item: string) => Parsed<T>,
  ): readonly T[] {
    if (items.length === 0)
      this.add(
        'INPUT_INVALID',
        `Cannot use "${input}": it has no value`,
        `write a value, or remove "${input}"`,
      );
    return items.flatMap((item) => this.take(input, parse(item)) ?? []);
  }

  /** The parsed value; throws the collected problems if there are any. */
  conclude<T>(parsed: T | undefined): T {
    if (this.#errors.length > 0) throw new ActionErrors(this.#errors);
    if (parsed === undefined) throw new RangeError('nothing was parsed, and no problem was noted');
    return parsed;
  }
}

/** Items of a list input, one per line or separated by commas. */
export function listOf(text: string): readonly string[] {
  return linesOf(text.replaceAll(',', '\n'));
}

/** Items of a list input that can contain commas. */
export function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** Whether an input says "true"; anything but "true" and "false" is a problem. */
export function isTrue(
  input: InputName,
  inputs: Readonly<Record<InputName, string>>,
  problems: Problems,
): boolean {
  return choiceOf(input, inputs, ['true', 'false'], problems) === 'true';
}

/** The second choice if an input has neither value, which is a problem. */
export function choiceOf<T extends string>(
  input: InputName,
  inputs: Readonly<Record<InputName, string>>,
  [one, other]: readonly [T, T],
  problems: Problems,
): T {
  const value = inputs[input];
  if (value === one) return one;
  if (value !== other)
    problems.add(
      'INPUT_INVALID',
      `Cannot use "${input}": "${value}" is neither ${one} nor ${other}`,
      `write "${one}" or "${other}"`,
    );
  return other;
}
