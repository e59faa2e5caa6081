// Parses the output of an action as the runner does: annotations, masks, and the log that a user sees.
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string | undefined;
  readonly message: string;
  /** `file:line`, if it is about a line. */
  readonly place?: string;
}

export interface JobLog {
  readonly annotations: readonly Annotation[];
  readonly masks: readonly string[];
  /** Everything printed except the commands that register masks. */
  readonly printed: string;
  /** The log as the web page shows it, masked. */
  readonly visible: string;
}

interface Command {
  readonly name: string;
  readonly properties: ReadonlyMap<string, string>;
  readonly data: string;
}

const COMMAND = /^\s*::([\w-]+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/;
const shownAs: Readonly<Record<string, string>> = {
  error: 'Error: ',
  warning: 'Warning: ',
  notice: 'Notice: ',
  group: '▼ ',
};

export function readJobLog(stdout: string, secrets: readonly string[]): JobLog {
  const annotations: Annotation[] = [];
  const masks = [...secrets];
  const printed: string[] = [];
  const shown: string[] = [];
  let stopped: string | undefined;
  for (const line of stdout.split(/\r?\n/)) {
    const command = parseCommand(line);
    if (stopped !== undefined && command?.name === stopped) stopped = undefined;
    else if (stopped !== undefined || !command) shown.push(line);
    else if (command.name === 'stop-commands') stopped = command.data;
    else if (command.name === 'add-mask') {
      // The runner masks every line of a secret separately.
      masks.push(...command.data.split(/\r?\n/));
      continue;
    } else if (isAnnotation(command.name)) {
      const { properties } = command;
      const file = properties.get('file');
      const line = properties.get('line');
      const place = line === undefined ? file : `${file ?? ''}:${line}`;
      annotations.push({
        level: command.name,
        title: properties.get('title'),
        message: command.data,
        ...(place === undefined ? {} : { place }),
      });
      shown.push(`${shownAs[command.name] ?? ''}${command.data}`);
    } else if (command.name === 'group') shown.push(`${shownAs['group'] ?? ''}${command.data}`);
    printed.push(line);
  }
  const effective = [...new Set(masks.map((mask) => mask.trim()))].filter((mask) => mask !== '');
  return {
    annotations,
    masks: effective,
    printed: printed.join('\n'),
    visible: hide(shown.join('\n'), effective),
  };
}

function parseCommand(line: string): Command | undefined {
  const [, name, properties = '', data = ''] = COMMAND.exec(line) ?? [];
  if (name === undefined) return undefined;
  const pairs = properties.split(',').map((pair): [string, string] => {
    const [key = '', ...value] = pair.split('=');
    return [key.trim(), decode(value.join('='))];
  });
  return { name, properties: new Map(pairs), data: decode(data) };
}

function isAnnotation(name: string): name is Annotation['level'] {
  return name === 'error' || name === 'warning' || name === 'notice';
}

function decode(text: string): string {
  const characters: Readonly<Record<string, string>> = {
    '%0D': '\r',
    '%0A': '\n',
    '%3A': ':',
    '%2C': ',',
    '%25': '%',
  };
  return text.replaceAll(/%(?:0D|0A|3A|2C|25)/g, (code) => characters[code] ?? code);
}

function hide(text: string, masks: readonly string[]): string {
  const longestFirst = [...masks].sort((a, b) => b.length - a.length);
  return longestFirst.reduce((hidden, mask) => hidden.replaceAll(mask, '***'), text);
}
