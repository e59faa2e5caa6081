// The images in Kubernetes manifests: of containers, init and ephemeral containers and image volumes, in every built-in kind that has pods, and in custom resources (Kubernetes API reference, PodSpec).
import { fieldOf, isNull, textOf, type YamlMap, type YamlNode } from '../text/yaml.ts';
import { type FileReading, RENDER } from './reading.ts';

/** The location of the pod specification in each kind. */
const POD_SPECS: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  PodTemplate: ['template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  ...Object.fromEntries(
    ['DaemonSet', 'Deployment', 'Job', 'ReplicaSet', 'ReplicationController', 'StatefulSet'].map(
      (kind) => [kind, ['spec', 'template', 'spec']],
    ),
  ),
};
const CONTAINERS = ['initContainers', 'containers', 'ephemeralContainers'] as const;
/** API groups of Kubernetes itself; other kinds can have images anywhere. */
const BUILT_IN =
  /^(?:apps|autoscaling|batch|extensions|policy|(?:admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|internal\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage)\.k8s\.io)\//;
/** Kinds whose images are elsewhere. */
const UNRENDERED: Readonly<Record<string, string>> = {
  Kustomization: 'kustomize build',
  Component: 'kustomize build',
  HelmRelease: 'helm template',
  HelmChart: 'helm template',
};

export function isKubernetes(node: YamlNode): node is YamlMap {
  return (
    textOf(fieldOf(node, 'apiVersion')) !== undefined && textOf(fieldOf(node, 'kind')) !== undefined
  );
}

export function readKubernetes(document: YamlNode, reading: FileReading): void {
  readObject(document, reading, '');
}

/** `kind` is that of an item of a typed list, whose items may omit it. */
function readObject(node: YamlNode, reading: FileReading, kindOfItem: string): void {
  const version = textOf(fieldOf(node, 'apiVersion')) ?? 'v1';
  const kind = textOf(fieldOf(node, 'kind')) ?? kindOfItem;
  const items = fieldOf(node, 'items');
  if (kind.endsWith('List') && items?.kind === 'list') {
    for (const item of items.items) readObject(item, reading, kind.slice(0, -'List'.length));
    return;
  }
  const command = UNRENDERED[kind];
  const path = POD_SPECS[kind];
  if (version.includes('/') && !BUILT_IN.test(version)) {
    if (command === undefined) new Custom(reading).read(node);
    else
      reading.refuse(
        node.line,
        `a ${kind} has its images elsewhere`,
        `list what "${command}" prints`,
      );
  } else if (path) readPods(node, kind, path, reading);
}

function readPods(
  node: YamlNode,
  kind: string,
  path: readonly string[],
  reading: FileReading,
): void {
  const spec = path.reduce<YamlNode | undefined>(fieldOf, node);
  if (spec?.kind === 'map') readPodSpec(spec, reading);
  else reading.refuse(node.line, `the ${kind} has no ${path.join('.')}`, RENDER);
}

function readPodSpec(spec: YamlMap, reading: FileReading): void {
  for (const name of CONTAINERS) {
    for (const container of itemsOf(fieldOf(spec, name), name, reading)) {
      const image = fieldOf(container, 'image');
      if (image) reading.addNode(image, `"image" in "${name}"`);
      else reading.refuse(container.line, `a container in "${name}" has no image`, RENDER);
    }
  }
  for (const volume of itemsOf(fieldOf(spec, 'volumes'), 'volumes', reading)) {
    const image = fieldOf(volume, 'image');
    if (image) reading.addNode(fieldOf(image, 'reference') ?? image, 'the image of a volume');
  }
}

function itemsOf(
  node: YamlNode | undefined,
  name: string,
  reading: FileReading,
): readonly YamlNode[] {
  if (node === undefined || isNull(node)) return [];
  if (node.kind === 'list') return node.items;
  reading.refuse(node.line, `"${name}" is not a list`, RENDER);
  return [];
}

/** Every `image` of a kind that Kubernetes does not define, such as Argo's Rollout, Knative's Service or Tekton's Task. */
class Custom {
  readonly #reading: FileReading;
  /** An alias is the node that it names. */
  readonly #seen = new Set<YamlNode>();

  constructor(reading: FileReading) {
    this.#reading = reading;
  }

  read(node: YamlNode): void {
    if (this.#seen.has(node)) return;
    this.#seen.add(node);
    if (node.kind === 'list') for (const item of node.items) this.read(item);
    if (node.kind !== 'map') return;
    for (const { key, value } of node.entries) {
      if (key === 'image') this.#reading.addNode(fieldOf(value, 'reference') ?? value, '"image"');
      else this.read(value);
    }
  }
}
