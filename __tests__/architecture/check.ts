// Reads the imports of source files and compares them with a table of allowed imports.
import path from 'node:path/posix';

import ts from 'typescript';

export interface Source {
  /** Below src/: `policy/rules.ts`. */
  readonly file: string;
  readonly text: string;
}

export interface Allowed {
  readonly values: readonly string[] | 'everything';
  readonly types: readonly string[];
}

/** By room: a folder below src/, or a file of src/ without its suffix. */
export type Table = ReadonlyMap<string, Allowed>;

interface Import {
  /** A file below src/, or a package. */
  readonly target: string;
  /** Whether the import exists at run time: `import { type A }` still loads the module. */
  readonly kind: 'value' | 'type';
}

const HOMES: readonly (readonly [RegExp, RegExp])[] = [
  [/^@actions\/(core|exec)$/, /^action\//],
  [/^(@sigstore|tuf-js)(\/|$)/, /^sigstore\//],
  [/^@noble\/ciphers(\/|$)/, /^keys\//],
  [/^(re2js|yaml)$/, /^text\//],
  [/^node:(?!process$)/, /./],
];

/** Its main file loads network clients: docs/adr/0011. */
const TYPES_ONLY = new Set(['@sigstore/sign']);

/** The rows `from | may import | types only` below the heading "Allowed imports". */
export function readTable(markdown: string): Table {
  const [, section = ''] = markdown.split(/^## Allowed imports$/m);
  const rows = (section.split(/^## /m)[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  return new Map(
    rows.flatMap((row) => {
      const [, from = '', values = '', types = ''] = row.split('|');
      return namesIn(from).map((room): [string, Allowed] => [
        room,
        {
          values: values.trim() === 'everything' ? 'everything' : namesIn(values),
          types: namesIn(types),
        },
      ]);
    }),
  );
}

export function roomOf(file: string): string {
  return file.includes('/') ? path.dirname(file) : file.replace(/\.ts$/, '');
}

/** Violations in the sources, one per line. */
export function violationsIn(sources: readonly Source[], table: Table): readonly string[] {
  const files = sources.map((source) => ({
    ...source,
    tree: ts.createSourceFile(source.file, source.text, ts.ScriptTarget.ESNext, true),
  }));
  const graph = new Map(files.map(({ file, tree }) => [file, importsOf(file, tree)]));
  return [
    ...files.flatMap(({ file, text, tree }) => [
      ...lengthOf({ file, text }),
      ...contentsOf(file, tree),
    ]),
    ...[...graph].flatMap(([file, imports]) => imports.flatMap((each) => judge(file, each, table))),
    ...cyclesIn(graph),
  ];
}

function importsOf(file: string, tree: ts.SourceFile): readonly Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, kind: Import['kind']): void => {
    const text = specifier && ts.isStringLiteralLike(specifier) ? specifier.text : '(computed)';
    found.push({ target: text.startsWith('.') ? path.join(path.dirname(file), text) : text, kind });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node))
      add(
        node.moduleSpecifier,
        node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword ? 'type' : 'value',
      );
    if (ts.isExportDeclaration(node) && node.moduleSpecifier)
      add(node.moduleSpecifier, node.isTypeOnly ? 'type' : 'value');
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], 'value');
    if (ts.isImportTypeNode(node))
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, 'type');
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function judge(file: string, { target, kind }: Import, table: Table): readonly string[] {
  if (TYPES_ONLY.has(target) && kind === 'value') return [`${file} loads ${target}`];
  if (!target.endsWith('.ts')) {
    return HOMES.some(([name, home]) => name.test(target) && home.test(file))
      ? []
      : [`${file} imports ${target}`];
  }
  const [from, to] = [roomOf(file), roomOf(target)];
  const allowed = table.get(from);
  if (!allowed) return [`${from} is not in the table`];
  const isAllowed =
    from === to ||
    allowed.values === 'everything' ||
    allowed.values.includes(to) ||
    (kind === 'type' && allowed.types.includes(to));
  return isAllowed ? [] : [`${file} imports ${kind === 'type' ? 'types of ' : ''}${target}`];
}

function contentsOf(file: string, tree: ts.SourceFile): readonly string[] {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === 'process' && roomOf(file) !== 'action')
      found.add(`${file} names process`);
    const isDefault =
      ts.isExportAssignment(node) ||
      (ts.isExportSpecifier(node) && node.name.text === 'default') ||
      node.kind === ts.SyntaxKind.DefaultKeyword;
    if (isDefault && !ts.isDefaultClause(node.parent)) found.add(`${file} has a default export`);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return [...found];
}

/** At most 250 lines, and fewer for a use case. */
export function lengthOf({ file, text }: Source): readonly string[] {
  const lines = text.trimEnd().split('\n').length;
  const limit = file === 'sign.ts' || file === 'verify.ts' ? 139 : 250;
  return lines > limit ? [`${file} has ${lines} lines`] : [];
}

function cyclesIn(graph: ReadonlyMap<string, readonly Import[]>): readonly string[] {
  const done = new Set<string>();
  const walk = (file: string, way: readonly string[]): readonly string[] => {
    if (way.includes(file))
      return [`cycle: ${[...way.slice(way.indexOf(file)), file].join(' → ')}`];
    if (done.has(file)) return [];
    done.add(file);
    return (graph.get(file) ?? [])
      .filter(({ kind }) => kind === 'value')
      .flatMap(({ target }) => walk(target, [...way, file]));
  };
  return [...graph.keys()].flatMap((file) => walk(file, []));
}

function namesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([\w/-]+)`/g)].map(([, name = '']) => name);
}
