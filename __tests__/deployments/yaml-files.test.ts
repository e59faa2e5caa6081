// Which images Compose files and Kubernetes manifests name.
import { describe, expect, test } from '@jest/globals';

import { readFile } from '../../src/deployments/read-file.ts';
import type { FileReading } from '../../src/deployments/reading.ts';

const VARIABLES: Readonly<Record<string, string>> = { TAG: 'v1', EMPTY: '' };

function read(text: string, files: readonly string[] = []): FileReading {
  return readFile('x/app.yaml', text, {
    lookup: (name) => ({ value: VARIABLES[name] }),
    has: (file) => files.includes(file),
  });
}

function imagesIn(text: string, files?: readonly string[]): readonly string[] {
  const { images, troubles } = read(text, files);
  expect(troubles).toEqual([]);
  return images.map((image) => `${image.line} ${image.text}`);
}

const pod = (image: string): string => `{containers: [{name: c, image: '${image}'}]}`;

describe('a Kubernetes manifest', () => {
  test.each<[string, string]>([
    ['Pod', `apiVersion: v1\nkind: Pod\nspec: ${pod('a:1')}`],
    ['PodTemplate', `apiVersion: v1\nkind: PodTemplate\ntemplate: {spec: ${pod('a:1')}}`],
    [
      'ReplicationController',
      `apiVersion: v1\nkind: ReplicationController\nspec: {template: {spec: ${pod('a:1')}}}`,
    ],
    ...['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].map((kind): [string, string] => [
      kind,
      `apiVersion: apps/v1\nkind: ${kind}\nspec: {template: {spec: ${pod('a:1')}}}`,
    ]),
    ['Job', `apiVersion: batch/v1\nkind: Job\nspec: {template: {spec: ${pod('a:1')}}}`],
    [
      'CronJob',
      `apiVersion: batch/v1\nkind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: ${pod('a:1')}}}}}`,
    ],
    [
      'List',
      `apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod, spec: ${pod('a:1')}}]`,
    ],
    [
      'PodList, whose items need no kind',
      `apiVersion: v1\nkind: PodList\nitems: [{spec: ${pod('a:1')}}]`,
    ],
    [
      'a custom resource',
      `apiVersion: argoproj.io/v1\nkind: Rollout\nspec: {template: {spec: ${pod('a:1')}}}`,
    ],
  ])('names the images of: %s', (_kind, text) => expect(imagesIn(text)).toEqual(['3 a:1']));

  test('names those of init and ephemeral containers, volumes, documents, JSON, aliases and merge keys', () => {
    expect(
      imagesIn(`
apiVersion: v1
kind: Pod
spec:
  initContainers: [&c {image: init}]
  ephemeralContainers: [{<<: *c, name: debug}]
  containers: [{image: main}]
  volumes: [{image: {reference: data}}, {name: x, configMap: {}}]
---
# nothing
---
{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"image": "json"}]}}
`),
    ).toEqual(['5 init', '7 main', '5 init', '8 data', '12 json']);
  });

  test('of a kind without pods names no image, whatever its fields are', () =>
    expect(
      imagesIn(
        'apiVersion: v1\nkind: ConfigMap\ndata: {image: x}\n---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {image: {type: string}}',
      ),
    ).toEqual([]));

  test.each<[string, string, RegExp]>([
    [
      'a container without an image',
      'apiVersion: v1\nkind: Pod\nspec: {containers: [{name: x}]}',
      /has no image/,
    ],
    [
      'an image that is not text',
      'apiVersion: v1\nkind: Pod\nspec: {containers: [{image: {}}]}',
      /is not the name/,
    ],
    [
      'a workload without pods',
      'apiVersion: apps/v1\n\n\nkind: Deployment',
      /no spec.template.spec/,
    ],
    [
      'an image in parts',
      'apiVersion: x.io/v1\nkind: X\nspec: {image: {repository: a, tag: b}}',
      /is not the name/,
    ],
    [
      'a Kustomization',
      'apiVersion: kustomize.config.k8s.io/v1\nkind: Kustomization',
      /images elsewhere/,
    ],
    ['a chart', 'apiVersion: v2\nname: x', /neither a Kubernetes manifest/],
  ])('is rejected: %s', (_what, text, problem) => {
    expect(read(text).troubles).toEqual([
      {
        line: expect.any(Number),
        problem: expect.stringMatching(problem),
        remedy: expect.any(String),
      },
    ]);
  });
});

describe('a Compose file', () => {
  test('names the images of services, volumes and build contexts, with merge keys, without extensions', () => {
    expect(
      imagesIn(`
x-base: &base {image: base}
services:
  app: {build: .}
  web: {image: "web:\${TAG}", build: {context: ., additional_contexts: {a: docker-image://context, b: ../b}}}
  db:
    <<: *base
    volumes: [{type: image, source: data}, "./x:/y"]
  list: {build: {additional_contexts: ["a=docker-image://context2"]}}
`),
    ).toEqual(['5 web:v1', '5 context', '2 base', '8 data', '9 context2']);
  });

  test.each<[string, string]>([
    ['a:${TAG}', 'a:v1'],
    ['a:$TAG', 'a:v1'],
    ['a:${NOT_SET:-x}', 'a:x'],
    ['a:${NOT_SET-x}', 'a:x'],
    ['a:${EMPTY:-x}', 'a:x'],
    ['a${EMPTY-x}', 'a'],
    ['a:${TAG:-${NOT_SET}}', 'a:v1'],
    ['a:${NOT_SET:-${OTHER:-y}}', 'a:y'],
    ['a:${TAG:?must be set}', 'a:v1'],
    ['a${TAG:+:b}', 'a:b'],
    ['a${NOT_SET+:b}', 'a'],
    ['a$$TAG', 'a$TAG'],
  ])('is interpolated: %s', (written, image) =>
    expect(imagesIn(`services: {a: {image: '${written}'}}`)).toEqual([`1 ${image}`]),
  );

  test('requires the files that it includes or extends', () => {
    const text =
      'include: [other.yaml, {path: [third.yaml]}]\nservices: {a: {extends: {file: base.yaml, service: x}}}';
    expect(read(text).troubles.map(({ remedy }) => remedy)).toEqual([
      'add "other.yaml" to "files"',
      'add "third.yaml" to "files"',
      'add "base.yaml" to "files"',
    ]);
    expect(imagesIn(text, ['other.yaml', 'third.yaml', 'base.yaml'])).toEqual([]);
  });

  test.each<[string, string, RegExp]>([
    [
      'a variable that is not set',
      "services: {a: {image: 'a:${NOT_SET}'}}",
      /"NOT_SET" is not set/,
    ],
    [
      'a required variable that is not set',
      "services: {a: {image: 'a:${EMPTY:?why}'}}",
      /"EMPTY" is not set \(why\)/,
    ],
    ['an incomplete variable', "services: {a: {image: 'a:${TAG'}}", /not supported/],
    ['a lone dollar sign', "services: {a: {image: 'a:$'}}", /not supported/],
    ['an empty service', 'services: {a: {ports: []}}', /neither an image nor a build/],
    ['an inline Dockerfile', 'services: {a: {build: {dockerfile_inline: FROM x}}}', /is not read/],
    ['an unknown tag', 'services: {a: {image: !reset x}}', /not valid YAML/],
  ])('is rejected: %s', (_what, text, problem) =>
    expect(read(text).troubles).toEqual([
      { line: 1, problem: expect.stringMatching(problem), remedy: expect.any(String) },
    ]),
  );
});

describe('a YAML file', () => {
  const tenOf = (item: string): string => `[${Array(10).fill(item).join()}]`;
  const bomb = ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']
    .map((name, index) => `${name}: &${name} ${tenOf(`*${'abcdefgh'.charAt(index)}`)}`)
    .join('\n');

  test.each<[string, string, RegExp]>([
    ['an alias bomb', `a: &a ${tenOf('x')}\n${bomb}`, /aliases expand to over/],
    ['a recursive alias', 'a: &a [*a]', /names what it is part of/],
    ['depth', '['.repeat(100_000), /nested too deeply|not valid YAML/],
    ['a duplicate key', 'services: {}\nservices: {}', /unique/],
    [
      'a template',
      'apiVersion: v1\nkind: {{ .Values.kind }}',
      /neither a Kubernetes|not valid YAML/,
    ],
  ])('is rejected: %s', (_what, text, problem) => {
    const started = performance.now();
    expect(read(text).troubles[0]?.problem).toMatch(problem);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
