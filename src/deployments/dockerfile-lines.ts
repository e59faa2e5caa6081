// The instructions of a Dockerfile, with continued lines joined and without the bodies of here-documents, by the rules of BuildKit's parser (frontend/dockerfile/parser).
import { isProblem } from '../text/parsed.ts';
import type { Trouble } from './reading.ts';

export interface Instruction {
  /** Upper case. */
  readonly name: string;
  /** The text after the name. */
  readonly rest: string;
  readonly line: number;
}

export interface DockerfileLines {
  readonly instructions: readonly Instruction[];
  /** The image of `# syntax=`. */
  readonly syntax: { readonly text: string; readonly line: number } | undefined;
  /** The character that continues a line. */
  readonly escape: string;
}

const DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/;
/** BuildKit also finds a syntax after `//`, for files that are not Dockerfiles. */
const OTHER_SYNTAX = /^(?:\/\/\s*syntax\s*=|\{)/;
const TAKES_HEREDOC = /^(?:ONBUILD\s+)?(?:ADD|COPY|RUN)\s/i;
const HEREDOC = /^\d*<<(-?)([^<]+)$/;

export function linesOf(text: string): DockerfileLines | Trouble {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line) => line.replace(/\r+$/, ''));
  const { syntax, escape, trouble } = directivesIn(lines);
  if (trouble) return trouble;
  const instructions: Instruction[] = [];
  for (let at = 0; at < lines.length;) {
    const start = at + 1;
    const joined = joinFrom(lines, at, escape);
    at = joined.next;
    if (joined.text.trim() === '') continue;
    const heredocs = heredocsIn(joined.text);
    if (isProblem(heredocs)) return { ...heredocs, line: start };
    for (const heredoc of heredocs.value) {
      const end = lines.findIndex((line, index) => index >= at && heredoc.isEnd(line));
      if (end < 0) return unterminated(start);
      at = end + 1;
    }
    const [, name = '', rest = ''] = /^\s*(\S+)\s*([^]*)$/.exec(joined.text) ?? [];
    instructions.push({ name: name.toUpperCase(), rest, line: start });
  }
  return { instructions, syntax, escape };
}

interface Directives extends Pick<DockerfileLines, 'syntax' | 'escape'> {
  readonly trouble?: Trouble;
}

/** Comments of the form `# name=value` before everything else. */
function directivesIn(lines: readonly string[]): Directives {
  let syntax: DockerfileLines['syntax'];
  let escape = '\\';
  const first = lines[0]?.startsWith('#!') ? 1 : 0;
  if (OTHER_SYNTAX.test(lines[first] ?? ''))
    return { syntax, escape, trouble: unknownSyntax(first + 1) };
  for (const [index, line] of lines.entries()) {
    if (index < first) continue;
    const [, name = '', value = ''] = DIRECTIVE.exec(line.trim()) ?? [];
    if (name === '') break;
    if (name.toLowerCase() === 'syntax') syntax ??= { text: value, line: index + 1 };
    if (name.toLowerCase() === 'escape') escape = value;
  }
  return { syntax, escape };
}

function joinFrom(
  lines: readonly string[],
  start: number,
  escape: string,
): { readonly text: string; readonly next: number } {
  const continued = escape === '`' ? /(?:^|[^`])`[ \t]*$/ : /(?:^|[^\\])\\[ \t]*$/;
  let text = '';
  for (let at = start; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (/^\s*#/.test(line)) {
      if (text === '' && at === start) return { text, next: at + 1 };
      continue;
    }
    if (at > start && line.trim() === '') continue;
    if (!continued.test(line)) return { text: text + line, next: at + 1 };
    text += line.replace(/[\\`][ \t]*$/, '');
  }
  return { text, next: lines.length };
}

interface Heredoc {
  readonly isEnd: (line: string) => boolean;
}

/** A here-document starts with a separate word outside of quotes; a false match would hide the instructions after it. */
function heredocsIn(text: string): { readonly value: readonly Heredoc[] } | Omit<Trouble, 'line'> {
  if (!TAKES_HEREDOC.test(text.trimStart()) || !text.includes('<<')) return { value: [] };
  const words = wordsIn(text);
  if (!words)
    return {
      problem: 'a quote is not closed, so it is not known where a here-document begins',
      remedy: 'close the quote',
    };
  return {
    value: words.flatMap((word): readonly Heredoc[] => {
      const [, dash, name] = HEREDOC.exec(word) ?? [];
      if (name === undefined) return [];
      const end = name.replaceAll(/\\(.)|["']/g, '$1');
      return [{ isEnd: (line) => (dash === '-' ? line.replace(/^\t+/, '') : line) === end }];
    }),
  };
}

/** Words of a shell line with their quotes; undefined if a quote is not closed. */
export function wordsIn(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word = '';
  let quote = '';
  let braces = 0;
  for (let at = 0; at < text.length; at++) {
    const next = text.charAt(at);
    if (next === '\\' && quote !== "'") word += next + text.charAt(++at);
    else if (quote === '' && braces === 0 && /\s/.test(next)) {
      if (word !== '') words.push(word);
      word = '';
    } else {
      if (quote === '' && (next === '"' || next === "'")) quote = next;
      else if (next === quote) quote = '';
      if (quote !== "'" && text.startsWith('${', at)) braces++;
      if (quote !== "'" && next === '}' && braces > 0) braces--;
      word += next;
    }
  }
  if (word !== '') words.push(word);
  return quote === '' && braces === 0 ? words : undefined;
}

function unterminated(line: number): Trouble {
  return { line, problem: 'a here-document has no end', remedy: 'write the line that ends it' };
}

function unknownSyntax(line: number): Trouble {
  return {
    line,
    problem: 'it starts with a syntax that is not for Dockerfiles',
    remedy: 'write "# syntax=…", or list the images in "images"',
  };
}
