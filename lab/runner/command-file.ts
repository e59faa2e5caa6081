// Reads a file of environment-file commands, such as GITHUB_OUTPUT: `name=value`, or `name<<delimiter` over several lines.
export function readCommandFile(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const [, name, delimiter] = /^([^=]+?)<<(.+)$/.exec(line) ?? [];
    const equals = line.indexOf('=');
    if (name !== undefined && delimiter !== undefined) {
      const end = lines.indexOf(delimiter);
      // The runner fails the step when the delimiter is missing.
      if (end < 0) throw new Error(`Matching delimiter not found '${delimiter}'`);
      values[name] = lines
        .splice(0, end + 1)
        .slice(0, -1)
        .join('\n');
    } else if (equals > 0) {
      values[line.slice(0, equals)] = line.slice(equals + 1);
    } else if (line !== '') {
      throw new Error(`Invalid format '${line}'`);
    }
  }
  return values;
}
