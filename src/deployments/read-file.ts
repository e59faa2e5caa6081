// Detects the kind of a file, by its name and then by its content.
import { basename } from 'node:path';
import { isProblem } from '../text/parsed.ts';
import { isNull, parseYaml, type YamlNode } from '../text/yaml.ts';
import { isCompose, readCompose } from './compose.ts';
import { readDockerfile } from './dockerfile.ts';
import type { Lookup } from './interpolate.ts';
import { isKubernetes, readKubernetes } from './kubernetes.ts';
import { FileReading } from './reading.ts';

const DOCKERFILE = /^(?:docker|container)file(?:\..+)?$|\.(?:docker|container)file$/i;
const YAML = /\.(?:ya?ml|json)$/i;

export interface Surroundings {
  /** Variables for Compose. */
  readonly lookup: Lookup;
  /** Whether the gate also reads a file, relative to this one. */
  readonly has: (file: string) => boolean;
}

export function readFile(file: string, text: string, surroundings: Surroundings): FileReading {
  const name = basename(file);
  if (DOCKERFILE.test(name)) return readDockerfile(text);
  if (YAML.test(name)) return readYaml(text, surroundings);
  const reading = new FileReading();
  const remedy =
    'name a Dockerfile "Dockerfile", "Dockerfile.NAME" or "NAME.Dockerfile", and a Compose file or manifest "NAME.yaml", "NAME.yml" or "NAME.json"';
  reading.refuse(1, 'its name is neither that of a Dockerfile nor of YAML', remedy);
  return reading;
}

function readYaml(text: string, surroundings: Surroundings): FileReading {
  const reading = new FileReading();
  const documents = parseYaml(text);
  if (isProblem(documents)) reading.troubles.push(documents);
  else for (const document of documents.value) readDocument(document, reading, surroundings);
  return reading;
}

function readDocument(node: YamlNode, reading: FileReading, surroundings: Surroundings): void {
  if (node.kind === 'list')
    for (const item of node.items) readDocument(item, reading, surroundings);
  else if (isKubernetes(node)) readKubernetes(node, reading);
  else if (isCompose(node)) readCompose(node, reading, surroundings);
  else if (!isNull(node))
    reading.refuse(
      node.line,
      'it is neither a Kubernetes manifest (with "apiVersion" and "kind") nor a Compose file (with "services")',
      'leave the file out with a line "!FILE", or render it first',
    );
}
