// The gate verifies the images that deployment files name, and reports the line of an image that is not accepted.
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';

import { signAndAttach } from './attach.ts';
import { counted } from './seen.ts';
import { shown } from '../report/shown.ts';
import { entries, startWorld } from './world.ts';

const world = await startWorld();
const good = await world.push('acme/app', { content: 'good' });
const bad = await world.push('acme/other', { content: 'bad' });
await signAndAttach(world, good);
const { host } = world.registry;

beforeEach(() => world.forget());
afterAll(() => world.stop());

async function workspaceWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'workspace-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

const pod = (image: string): string =>
  `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: ${image}\n`;

describe.each(entries)('gate run from %s', (entry) => {
  test('accepts the images of a Dockerfile, a Compose file and a manifest, each once', async () => {
    const cwd = await workspaceWith({
      Dockerfile: `ARG DIGEST=${good.digest}\nFROM ${host}/acme/app@$DIGEST AS base\nFROM base\n`,
      'compose.yaml': `services: {app: {image: "${host}/acme/app@\${DIGEST}"}}`,
      'k8s/app.yaml': pod(good.reference),
      'k8s/service.yaml': 'apiVersion: v1\nkind: Service\n',
    });
    const files = 'Dockerfile\ncompose.yaml\nk8s/*.yaml';
    const env = { DIGEST: good.digest };
    const run = await world.run(entry, { mode: 'verify', files }, { cwd, env });
    expect(run).toMatchObject({ exit: 0, annotations: [] });
    expect(run.outputs['images']).toBe(good.reference);
    expect(JSON.parse(run.outputs['results'] ?? '')).toMatchObject([
      {
        verdict: 'accepted',
        places: [
          { file: 'Dockerfile', line: 2 },
          { file: 'compose.yaml', line: 1 },
          { file: 'k8s/app.yaml', line: 5 },
        ],
      },
    ]);
    expect(run.log).toContain('No image in k8s/service.yaml');
    expect(shown(run.summary)).toContain('k8s/app.yaml:5');
  });

  test('annotates the line of an image that is not accepted', async () => {
    const cwd = await workspaceWith({
      'a.yaml': pod(good.reference),
      'b.yaml': pod(bad.reference),
    });
    const run = await world.run(entry, { mode: 'verify', files: '*.yaml' }, { cwd });
    expect(run.exit).toBe(1);
    expect(run.outputs['verdict']).toBe('unattested');
    expect(run.annotations).toMatchObject([{ place: 'b.yaml:5' }]);
    expect(run.log).toContain('named in b.yaml:5');
  });

  test('sends no request if a file cannot be parsed', async () => {
    const cwd = await workspaceWith({
      Dockerfile: 'FROM a:$VERSION\n',
      'a.yaml': pod('{{ .Values.image }}'),
    });
    const files = 'Dockerfile\na.yaml\nnone.yaml';
    const run = await world.run(entry, { mode: 'verify', files }, { cwd });
    expect(run.exit).toBe(1);
    expect(run.annotations.map(({ message }) => message.split('\n')[0])).toEqual([
      'Cannot use "files": "none.yaml" matches no file',
      expect.stringMatching(/^Cannot use "files": Dockerfile:1: variable "VERSION" is not set/),
      expect.stringMatching(/^Cannot use "files": a\.yaml:5: /),
    ]);
    expect(run.annotations[1]?.place).toBe('Dockerfile:1');
    expect(await counted(world)).toEqual({});
  });
});
