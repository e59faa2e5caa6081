// Which files are read, and the images that they name.
import { mkdir, mkdtemp, realpath, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect, test } from '@jest/globals';

import { imagesInFiles, type ImagesInFiles } from '../../src/deployments/images-in-files.ts';

const POD = 'apiVersion: v1\nkind: Pod\nspec: {containers: [{image: IMAGE}]}\n';
const SERVICE = 'apiVersion: v1\nkind: Service\n';

async function workspaceWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'workspace-')));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

async function find(
  lines: readonly string[],
  files: Readonly<Record<string, string>>,
  variables: Readonly<Record<string, string>> = {},
): Promise<ImagesInFiles> {
  const workspace = await workspaceWith(files);
  return imagesInFiles(lines, { path: workspace, variable: (name) => variables[name] });
}

test('lists an image once, however and wherever it is written', async () => {
  const { references, problems, without } = await find(['k8s/**/*.yaml', 'Dockerfile'], {
    'k8s/b.yaml': POD.replace('IMAGE', 'docker.io/library/alpine:latest'),
    'k8s/deep/a.yaml': POD.replace('IMAGE', 'ghcr.io/acme/app:v1'),
    'k8s/service.yaml': SERVICE,
    Dockerfile: 'FROM alpine\n',
    'other.yaml': POD.replace('IMAGE', 'evil'),
  });
  expect(problems).toEqual([]);
  expect(without).toEqual(['k8s/service.yaml']);
  expect(references.map(({ text, places }) => ({ text, places }))).toEqual([
    {
      text: 'alpine',
      places: [
        { file: 'Dockerfile', line: 1 },
        { file: 'k8s/b.yaml', line: 3 },
      ],
    },
    { text: 'ghcr.io/acme/app:v1', places: [{ file: 'k8s/deep/a.yaml', line: 3 }] },
  ]);
});

test('excludes files by a line with "!"', async () => {
  const files = { 'a.yaml': POD.replace('IMAGE', 'a'), 'b.yaml': '{{ nothing' };
  const { references, problems } = await find(['*.yaml', '!b.yaml'], files);
  expect(problems).toEqual([]);
  expect(references).toHaveLength(1);
});

test('prefers the environment to the .env next to a Compose file', async () => {
  const files = {
    'x/compose.yaml': 'services: {a: {image: "${NAME}:${TAG}"}}',
    'x/.env': 'NAME=fromfile\nTAG=v2\n',
  };
  const [one] = (await find(['x/compose.yaml'], files)).references;
  const [other] = (await find(['x/compose.yaml'], files, { TAG: 'v3' })).references;
  expect([one?.text, other?.text]).toEqual(['fromfile:v2', 'fromfile:v3']);
  const { problems } = await find(['x/compose.yaml'], { ...files, 'x/.env': 'NAME=a\nTAG=$X\n' });
  expect(problems.map(({ problem }) => problem)).toEqual([
    'x/compose.yaml:1: the value of "TAG" in .env has a "$"',
  ]);
});

test('reports every problem with its line', async () => {
  const { problems } = await find(
    ['none/*.yaml', '../x.yaml', 'app.yaml', 'bad.yaml', 'notes.txt', 'big.yaml', 'service.yaml'],
    {
      'app.yaml': POD.replace('IMAGE', '"{{ image }}"'),
      'bad.yaml': 'a: [',
      'notes.txt': 'x',
      'big.yaml': `# ${'x'.repeat(5 << 20)}`,
      'service.yaml': SERVICE,
    },
  );
  expect(problems.map(({ problem }) => problem)).toEqual([
    '"none/*.yaml" matches no file',
    '"../x.yaml" leads out of the workspace',
    expect.stringMatching(/^app\.yaml:3: "\{\{ image \}\}" /),
    expect.stringMatching(/^bad\.yaml:1: it is not valid YAML/),
    expect.stringMatching(/^big\.yaml: it has \d+ bytes, over the limit/),
    expect.stringMatching(/^notes\.txt:1: its name is neither/),
    'service.yaml: it names no image',
  ]);
  expect(problems.map(({ place }) => place)).toContainEqual({ file: 'app.yaml', line: 3 });
});

test('reports patterns that match only files without an image', async () => {
  const { problems } = await find(['*.yaml'], { 'service.yaml': SERVICE });
  expect(problems.map(({ problem }) => problem)).toEqual(['no file of "*.yaml" names an image']);
});

test('does not follow a link out of the workspace', async () => {
  const secret = await workspaceWith({ 'app.yaml': POD.replace('IMAGE', 'secret') });
  const workspace = await workspaceWith({ 'inside.yaml': POD.replace('IMAGE', 'a') });
  await symlink(path.join(secret, 'app.yaml'), path.join(workspace, 'file.yaml'));
  await symlink(secret, path.join(workspace, 'folder'));
  for (const line of ['file.yaml', '*.yaml', 'folder/app.yaml', 'folder/*.yaml']) {
    const found = await imagesInFiles([line], { path: workspace, variable: () => undefined });
    expect(found.problems.map(({ problem }) => problem)).toContainEqual(
      expect.stringMatching(/leads out of the workspace/),
    );
    expect(found.references.map(({ text }) => text)).not.toContain('secret');
  }
});

test('reads a large file in seconds', async () => {
  const one = `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: a:1\n      env: [{name: A, value: B}]\n---\n`;
  const text = one.repeat(Math.floor((1 << 20) / one.length));
  const started = performance.now();
  const { references } = await find(['a.yaml'], { 'a.yaml': text });
  expect(references).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(60_000);
});
