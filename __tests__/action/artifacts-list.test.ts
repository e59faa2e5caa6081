// The runner's list of artifacts, as a file that may be missing or invalid.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { readArtifactsList } from '../../src/action/artifacts-list.ts';
import { Problems } from '../../src/action/problems.ts';
import { ActionErrors } from '../../src/errors.ts';

const directory = await mkdtemp(join(tmpdir(), 'artifacts-'));

async function read(path: string): Promise<readonly string[]> {
  const problems = new Problems();
  const images = problems.conclude(await readArtifactsList(path, problems));
  return images.map(({ text, digest }) => `${text} ${digest}`);
}

test('reads the images and their digests', async () => {
  const digest = `sha256:${'ab'.repeat(32)}`;
  const subjects = [{ name: 'ghcr.io/acme/app:v1', digest, kind: 'oci' }];
  const path = join(directory, 'list');
  await writeFile(path, JSON.stringify({ version: 1, subjects }));
  expect(await read(path)).toEqual([`ghcr.io/acme/app:v1 ${digest}`]);
});

test('has no images on a runner without the feature', async () => {
  expect(await read('')).toEqual([]);
});

test('reports a list that cannot be read as a problem of the inputs', async () => {
  const work = read(join(directory, 'missing'));
  await expect(work).rejects.toThrow(
    'Cannot use the images in $GITHUB_ARTIFACTS_LIST: it does not exist',
  );
  await expect(work).rejects.toBeInstanceOf(ActionErrors);
});
