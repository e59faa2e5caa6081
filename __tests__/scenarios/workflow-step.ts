// Parses the steps of an example workflow: two-space YAML with plain scalars, quotes and literal blocks.

export interface Step {
  readonly uses: string | undefined;
  readonly run: string | undefined;
  readonly with: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

/** The steps of the only job. */
export function readSteps(workflow: string): Step[] {
  const [, steps = ''] = workflow.split(/^ {4}steps:\n/m);
  return steps
    .split(/^ {6}- /m)
    .slice(1)
    .map((step) => {
      const [first = '', ...rest] = step.split('\n');
      const lines = [
        first,
        ...rest.filter((line) => line.startsWith('        ')).map((line) => line.slice(8)),
      ];
      return {
        uses: scalar(lines, 'uses'),
        run: scalar(lines, 'run'),
        with: mapping(lines, 'with'),
        env: mapping(lines, 'env'),
      };
    });
}

/** Replaces `${{ … }}`; an unknown expression is an error. */
export function evaluate(text: string, expressions: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\{\{ (.+?) \}\}/g, (_whole, expression: string) => {
    const value = expressions[expression];
    if (value === undefined) throw new Error(`no value for ${expression}`);
    return value;
  });
}

function scalar(lines: readonly string[], key: string): string | undefined {
  const line = lines.find((each) => each.startsWith(`${key}: `));
  return line?.slice(key.length + 2).replace(/ #.*$/, '');
}

function mapping(lines: readonly string[], key: string): Readonly<Record<string, string>> {
  const start = lines.indexOf(`${key}:`) + 1;
  if (start === 0) return {};
  const values: Record<string, string> = {};
  let last = '';
  for (const line of lines.slice(start)) {
    const [, name, value = ''] = /^ {2}([\w-]+):(?: (.*))?$/.exec(line) ?? [];
    if (name !== undefined) {
      last = name;
      values[name] = value === '|' ? '' : value.replace(/^'(.*)'$/, '$1');
    } else if (line.startsWith('    ')) {
      values[last] = `${values[last] ?? ''}${line.slice(4)}\n`;
    } else {
      break;
    }
  }
  return values;
}
