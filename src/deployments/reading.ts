// The result of reading one file: the images that it names, and the problems that hide others.
import type { Problem } from '../text/parsed.ts';
import { textOf, type YamlNode } from '../text/yaml.ts';

export interface NamedImage {
  readonly text: string;
  readonly line: number;
}

export interface Trouble extends Problem {
  readonly line: number;
}

export class FileReading {
  readonly images: NamedImage[] = [];
  readonly troubles: Trouble[] = [];

  add(text: string, line: number): void {
    this.images.push({ text, line });
  }

  refuse(line: number, problem: string, remedy: string): void {
    this.troubles.push({ line, problem, remedy });
  }

  /** An image in YAML. */
  addNode(node: YamlNode, what: string): void {
    const text = textOf(node);
    if (text === undefined || text.trim() === '')
      this.refuse(node.line, `${what} is not the name of an image`, RENDER);
    else this.add(text, node.line);
  }
}

export const RENDER =
  'write the whole image into the file, or render it first ("helm template", "kustomize build", "docker compose config")';
