// Collects what is wrong with the inputs, so that one run tells everything.
import { ActionError, ActionErrors } from '../errors.ts';
import { isProblem, type Parsed } from '../model/parsed.ts';
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

  get isEmpty(): boolean {
    return this.#errors.length === 0;
  }

  /** Throws what was collected, if anything was. */
  throwAny(): void {
    if (!this.isEmpty) throw new ActionErrors(this.#errors);
  }
}

/** Items of a list input: one a line, or separated by commas. */
export function listOf(text: string): readonly string[] {
  return text
    .split(/[\n,]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
