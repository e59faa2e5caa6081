// The fields of one YAML mapping: each is read by name, and a field that is never read is rejected.
import { nearestName } from '../text/nearest.ts';
import { isNull, type YamlMap, type YamlNode } from '../text/yaml.ts';

export interface Trouble {
  readonly line: number;
  readonly problem: string;
  readonly remedy: string;
}

/** A problem of a document. */
export class Troubles {
  readonly all: Trouble[] = [];

  /** Reported once: several parts of a policy read the same field. */
  add(line: number, problem: string, remedy: string): void {
    if (this.all.some((each) => each.line === line && each.problem === problem)) return;
    this.all.push({ line, problem, remedy });
  }
}

export class Fields {
  readonly line: number;
  /** `spec.authorities[0]`; empty for the document. */
  readonly #path: string;
  readonly #troubles: Troubles;
  readonly #entries = new Map<string, YamlNode>();
  readonly #lines = new Map<string, number>();
  readonly #read = new Set<string>();

  constructor(map: YamlMap, path: string, troubles: Troubles) {
    this.line = map.line;
    this.#path = path;
    this.#troubles = troubles;
    for (const { key, line, value } of map.entries) {
      this.#lines.set(key, line);
      // A field without a value counts as absent.
      if (!isNull(value)) this.#entries.set(key, value);
    }
  }

  /** Whether the field is there and has a value. */
  has(name: string): boolean {
    this.#read.add(name);
    return this.#entries.has(name);
  }

  text(name: string): string | undefined {
    const node = this.#take(name);
    if (!node) return undefined;
    if (node.kind === 'scalar' && typeof node.value === 'string' && node.value !== '')
      return node.value;
    this.#wrong(name, node.line, 'is not text', 'put it in quotes, or remove it');
    return undefined;
  }

  requiredText(name: string): string | undefined {
    if (!this.has(name)) this.#missing(name);
    return this.text(name);
  }

  isTrue(name: string): boolean {
    const node = this.#take(name);
    if (!node) return false;
    if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
    this.#wrong(name, node.line, 'is neither true nor false', 'write true or false');
    return false;
  }

  fields(name: string): Fields | undefined {
    const node = this.#take(name);
    return node && this.#fieldsOf(node, this.pathOf(name));
  }

  requiredFields(name: string): Fields | undefined {
    if (!this.has(name)) this.#missing(name);
    return this.fields(name);
  }

  /** The mappings of a list; empty without it. */
  list(name: string): readonly Fields[] {
    const node = this.#take(name);
    if (!node) return [];
    if (node.kind !== 'list') {
      this.#wrong(name, node.line, 'is not a list', 'begin each item with "- "');
      return [];
    }
    return node.items.flatMap(
      (item, index) => this.#fieldsOf(item, `${this.pathOf(name)}[${index}]`) ?? [],
    );
  }

  /** The same, for a list with at least one item. */
  requiredList(name: string): readonly Fields[] {
    if (!this.has(name)) this.#missing(name);
    const node = this.#entries.get(name);
    if (node?.kind === 'list' && node.items.length === 0)
      this.#wrong(name, node.line, 'is empty', 'add an item: an empty list matches nothing');
    return this.list(name);
  }

  /** Notes a problem of a field. */
  refuse(name: string, problem: string, remedy: string): void {
    this.#wrong(name, this.#lines.get(name) ?? this.line, problem, remedy);
  }

  /** Fields that have no effect here. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#read.add(name);
  }

  /** Called last: reports the fields that were never read. */
  refuseOthers(): void {
    const known = [...this.#read];
    for (const [name, line] of this.#lines) {
      if (this.#read.has(name)) continue;
      const near = nearestName(name, known);
      this.#wrong(
        name,
        line,
        'is not a field of a ClusterImagePolicy that this action knows',
        near === undefined
          ? `remove it, or use one of ${known.join(', ')}`
          : `did you mean "${near}"?`,
      );
    }
  }

  pathOf(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }

  #take(name: string): YamlNode | undefined {
    this.#read.add(name);
    return this.#entries.get(name);
  }

  #fieldsOf(node: YamlNode, path: string): Fields | undefined {
    if (node.kind === 'map') return new Fields(node, path, this.#troubles);
    this.#troubles.add(node.line, `"${path}" is not a mapping`, 'write "name: value" lines');
    return undefined;
  }

  #missing(name: string): void {
    this.#troubles.add(this.line, `"${this.pathOf(name)}" is missing`, `add "${name}"`);
  }

  #wrong(name: string, line: number, problem: string, remedy: string): void {
    this.#troubles.add(line, `"${this.pathOf(name)}" ${problem}`, remedy);
  }
}
