// Parses untrusted YAML into nodes with their lines; no other file imports the parser.
import { isAlias, isMap, isScalar, LineCounter, type Node, parseAllDocuments } from 'yaml';
import type { Problem } from './parsed.ts';

export interface YamlMap {
  readonly kind: 'map';
  readonly line: number;
  readonly entries: readonly YamlEntry[];
}

export interface YamlEntry {
  readonly key: string;
  readonly line: number;
  readonly value: YamlNode;
}

export type YamlNode =
  | YamlMap
  | { readonly kind: 'list'; readonly line: number; readonly items: readonly YamlNode[] }
  | { readonly kind: 'scalar'; readonly line: number; readonly value: unknown };

export interface YamlProblem extends Problem {
  readonly line: number;
}

/** Nodes of one document with every alias expanded: aliases of aliases multiply. */
const MOST_NODES = 2_000_000;

/** The documents of the text without the empty ones. An alias is the node that it names, not a copy. */
export function parseYaml(text: string): { readonly value: readonly YamlNode[] } | YamlProblem {
  const lines = new LineCounter();
  try {
    const documents = parseAllDocuments(text, {
      lineCounter: lines,
      prettyErrors: false,
      logLevel: 'silent',
      stringKeys: true,
    });
    const all = 'empty' in documents ? [] : documents;
    return {
      value: all.flatMap((document) => {
        // An unknown tag may have any meaning.
        const [fault] = [...document.errors, ...document.warnings];
        if (fault)
          throw new Unreadable(firstLineOf(fault.message), lines.linePos(fault.pos[0]).line);
        const { contents } = document;
        return contents === null ? [] : [new Conversion(document, lines).convert(contents)];
      }),
    };
  } catch (error) {
    if (error instanceof Unreadable) return problem(error.message, error.line);
    // The parser recurses once for each level.
    if (error instanceof RangeError) return problem('it is nested too deeply', 1);
    throw error;
  }
}

/** The value of a key, also through a merge key (`<<`); undefined without it. */
export function fieldOf(node: YamlNode | undefined, key: string): YamlNode | undefined {
  if (node?.kind !== 'map') return undefined;
  const own = node.entries.find((entry) => entry.key === key);
  if (own) return own.value;
  const merged = node.entries.filter((entry) => entry.key === '<<').map(({ value }) => value);
  for (const each of merged.flatMap((value) => (value.kind === 'list' ? value.items : [value]))) {
    const found = fieldOf(each, key);
    if (found) return found;
  }
  return undefined;
}

export function textOf(node: YamlNode | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

export function isNull(node: YamlNode | undefined): boolean {
  return node?.kind === 'scalar' && node.value === null;
}

class Unreadable extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

type Document = ReturnType<typeof parseAllDocuments>[number];

interface Converted {
  readonly node: YamlNode;
  readonly size: number;
}

/** Each node of a document once, even if several aliases refer to it. */
class Conversion {
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #done = new Map<unknown, Converted | 'open'>();

  constructor(document: Document, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  convert(node: unknown): YamlNode {
    return this.#convert(node).node;
  }

  #convert(node: unknown): Converted {
    const named = isAlias(node) ? node.resolve(this.#document) : node;
    const known = this.#done.get(named);
    if (known === 'open')
      throw new Unreadable('an alias names what it is part of', this.#lineOf(node));
    if (known) return known;
    this.#done.set(named, 'open');
    const converted = this.#fresh(named);
    if (converted.size > MOST_NODES)
      throw new Unreadable(`its aliases expand to over ${MOST_NODES} nodes`, this.#lineOf(node));
    this.#done.set(named, converted);
    return converted;
  }

  #fresh(node: unknown): Converted {
    const line = this.#lineOf(node);
    if (isScalar(node)) return { node: { kind: 'scalar', line, value: node.value }, size: 1 };
    if (isMap(node)) {
      let size = 1;
      const entries = node.items.map(({ key, value }): YamlEntry => {
        const converted = this.#convert(value);
        size += converted.size;
        const name = isScalar(key) ? String(key.value) : String(key);
        return { key: name, line: this.#lineOf(key), value: converted.node };
      });
      return { node: { kind: 'map', line, entries }, size };
    }
    const items = (node as { readonly items?: readonly unknown[] } | null)?.items;
    if (!items) return { node: { kind: 'scalar', line, value: null }, size: 1 };
    const converted = items.map((item) => this.#convert(item));
    const size = converted.reduce((sum, each) => sum + each.size, 1);
    return { node: { kind: 'list', line, items: converted.map((each) => each.node) }, size };
  }

  #lineOf(node: unknown): number {
    const start = (node as Partial<Node> | null)?.range?.[0];
    return start === undefined ? 1 : this.#lines.linePos(start).line;
  }
}

function problem(state: string, line: number): YamlProblem {
  return {
    problem: state,
    remedy:
      'correct the YAML; templates must be rendered first ("helm template", "kustomize build")',
    line,
  };
}

function firstLineOf(message: string): string {
  return `it is not valid YAML: ${message.split('\n')[0] ?? ''}`;
}
