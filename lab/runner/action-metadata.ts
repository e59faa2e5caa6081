// The inputs that action.yml declares, with the defaults that the runner fills in.
import { readFile } from 'node:fs/promises';

/** Values of expressions such as `github.token`. */
export type Expressions = Readonly<Record<string, string>>;

/** Understands what this project's action.yml needs: two-space indentation, plain or quoted scalars, literal blocks. */
export async function readInputDefaults(
  file: string,
  expressions: Expressions,
): Promise<Map<string, string>> {
  const lines = (await readFile(file, 'utf8')).split(/\r?\n/);
  const first = lines.findIndex((line) => /^inputs:\s*$/.test(line)) + 1;
  if (first === 0) return new Map();
  const rest = lines.slice(first);
  const end = rest.findIndex((line) => /^[^\s#]/.test(line));
  const defaults = new Map<string, string>();
  let input = '';
  for (const [index, line] of rest.slice(0, end < 0 ? undefined : end).entries()) {
    const declared = /^ {2}(['"]?)([\w-]+)\1:\s*(#.*)?$/.exec(line)?.[2];
    if (declared !== undefined) {
      input = declared;
      defaults.set(input, '');
    }
    const value = /^ {4}default:\s*(.*?)\s*$/.exec(line)?.[1];
    if (value === undefined) continue;
    const scalar = value.startsWith('|') ? block(rest.slice(index + 1)) : unquote(value);
    defaults.set(input, evaluate(scalar, expressions));
  }
  return defaults;
}

function unquote(value: string): string {
  const single = /^'((?:[^']|'')*)'\s*(?:#.*)?$/.exec(value)?.[1];
  if (single !== undefined) return single.replaceAll("''", "'");
  const double = /^("(?:[^"\\]|\\.)*")\s*(?:#.*)?$/.exec(value)?.[1];
  if (double !== undefined) return JSON.parse(double) as string;
  return value.replace(/(^|\s+)#.*$/, '');
}

function block(following: readonly string[]): string {
  const end = following.findIndex((line) => line.trim() !== '' && !line.startsWith('      '));
  const lines = following.slice(0, end < 0 ? undefined : end).map((line) => line.slice(6));
  return `${lines.join('\n').trimEnd()}\n`;
}

function evaluate(value: string, expressions: Expressions): string {
  return value.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_whole, expression: string) => {
    const known = expressions[expression];
    if (known === undefined)
      throw new Error(`The runner emulator does not know the expression '${expression}'`);
    return known;
  });
}
