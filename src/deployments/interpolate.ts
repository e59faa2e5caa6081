// Variables in image names: Compose specification "Interpolation", and Dockerfile reference "Environment replacement".
import { isProblem, type Parsed, type Problem } from '../text/parsed.ts';

/** The value of a variable: undefined if it is not set. */
export type Lookup = (name: string) => Parsed<string | undefined>;

/** In Compose `$$` is a dollar sign; in a Dockerfile a backslash and quotes are as in a shell. */
export type Syntax = 'compose' | 'dockerfile';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;

export function interpolate(text: string, syntax: Syntax, lookup: Lookup): Parsed<string> {
  try {
    return { value: new Interpolation(text, syntax, lookup).upTo(undefined) };
  } catch (error) {
    if (error instanceof Unresolved) return error.problem;
    throw error;
  }
}

class Unresolved extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.problem);
    this.problem = problem;
  }
}

class Interpolation {
  readonly #text: string;
  readonly #syntax: Syntax;
  readonly #lookup: Lookup;
  #at = 0;

  constructor(text: string, syntax: Syntax, lookup: Lookup) {
    this.#text = text;
    this.#syntax = syntax;
    this.#lookup = lookup;
  }

  /** The text from here to a closing brace, or to the end. */
  upTo(end: '}' | undefined): string {
    let result = '';
    while (this.#at < this.#text.length) {
      const next = this.#text.charAt(this.#at);
      if (next === end) return result;
      result += next === '$' ? this.#dollar() : this.#plain(next);
    }
    if (end !== undefined) throw this.#malformed();
    return result;
  }

  #plain(next: string): string {
    this.#at++;
    if (this.#syntax === 'compose') return next;
    if (next === '\\') return this.#text.charAt(this.#at++);
    if (next === '"') return '';
    return next === "'" ? this.#literal() : next;
  }

  /** Up to the next single quote, no character is special. */
  #literal(): string {
    const close = this.#text.indexOf("'", this.#at);
    if (close < 0) throw this.#malformed();
    const literal = this.#text.slice(this.#at, close);
    this.#at = close + 1;
    return literal;
  }

  #dollar(): string {
    this.#at++;
    if (this.#syntax === 'compose' && this.#takes('$')) return '$';
    if (this.#takes('{')) return this.#braced();
    return this.#set(this.#name());
  }

  #braced(): string {
    const name = this.#name();
    const operator = /^:?[-+?]/.exec(this.#text.slice(this.#at))?.[0] ?? '';
    this.#at += operator.length;
    const value = operator === '' ? undefined : this.#value(name);
    const isSet = value !== undefined && !(operator.startsWith(':') && value === '');
    const isWanted = operator.endsWith('-') ? !isSet : operator.endsWith('+') && isSet;
    const word = this.#word(isWanted);
    if (!this.#takes('}')) throw this.#malformed();
    if (operator === '') {
      if (word !== '') throw this.#malformed();
      return this.#set(name);
    }
    if (operator.endsWith('+')) return isSet ? word : '';
    if (isSet) return value;
    if (operator.endsWith('-')) return word;
    throw new Unresolved(unset(name, word));
  }

  /** The text after the operator, which is evaluated only if it is used. */
  #word(isWanted: boolean): string {
    if (isWanted) return this.upTo('}');
    const start = this.#at;
    for (let depth = 0; this.#at < this.#text.length; this.#at++) {
      if (this.#text.startsWith('${', this.#at)) depth++;
      if (this.#text.charAt(this.#at) === '}' && depth-- === 0) break;
    }
    return this.#text.slice(start, this.#at);
  }

  #name(): string {
    const [name] = NAME.exec(this.#text.slice(this.#at)) ?? [];
    if (name === undefined) throw this.#malformed();
    this.#at += name.length;
    return name;
  }

  #set(name: string): string {
    const value = this.#value(name);
    if (value === undefined) throw new Unresolved(unset(name, ''));
    return value;
  }

  #value(name: string): string | undefined {
    const found = this.#lookup(name);
    if (isProblem(found)) throw new Unresolved(found);
    return found.value;
  }

  #takes(character: string): boolean {
    const isNext = this.#text.startsWith(character, this.#at);
    if (isNext) this.#at++;
    return isNext;
  }

  #malformed(): Unresolved {
    return new Unresolved({
      problem: `"${this.#text}" uses a variable in a form that is not supported`,
      remedy: 'write ${NAME} or ${NAME:-default}',
    });
  }
}

function unset(name: string, message: string): Problem {
  return {
    problem: `variable "${name}" is not set${message === '' ? '' : ` (${message})`}`,
    remedy: `set it, give it a default (\${${name}:-…}), or list the image in "images"`,
  };
}
