// One statement for an image and everything below it: the index first, each manifest in each repository.
import { expect, test } from '@jest/globals';

import type { Digest } from '../../src/model/digest.ts';
import { isAbout, parseStatement, serializeStatement } from '../../src/model/statement.ts';
import { signatureStatement } from '../../src/predicates/signature.ts';
import type { TreeManifest } from '../../src/subjects/image-tree.ts';
import { treeSubjects } from '../../src/subjects/tree-subjects.ts';

const REPOSITORIES = [
  { registry: 'ghcr.io', path: 'acme/app' },
  { registry: 'docker.io', path: 'acme/app' },
] as const;
const digestAt = (index: number): Digest => `sha256:${index.toString(16).padStart(64, '0')}`;
const manifest = (index: number): TreeManifest => ({
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  size: 7,
  digest: digestAt(index),
  role: { kind: 'platform' },
  path: [],
});

test('lists the index first, in all of its repositories', () => {
  const subjects = treeSubjects(REPOSITORIES, [manifest(0), manifest(1)]);
  expect(subjects.map(({ repository, digest }) => [repository.registry, digest])).toEqual([
    ['ghcr.io', digestAt(0)],
    ['docker.io', digestAt(0)],
    ['ghcr.io', digestAt(1)],
    ['docker.io', digestAt(1)],
  ]);
});

test('names each manifest in the statement', () => {
  const subjects = treeSubjects(REPOSITORIES, [manifest(0), manifest(1), manifest(2)]);
  const statement = signatureStatement({})(subjects, {} as never);
  const parsed = parseStatement(serializeStatement(statement));
  expect(parsed).toEqual({ value: statement });
  expect(statement.subject.map(({ name }) => name)).toEqual([
    'ghcr.io/acme/app',
    'docker.io/acme/app',
    'ghcr.io/acme/app',
    'docker.io/acme/app',
    'ghcr.io/acme/app',
    'docker.io/acme/app',
  ]);
  expect([0, 1, 2, 3].map((index) => isAbout(statement, digestAt(index)))).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

test('rejects more subjects than a statement can have', () => {
  const tree = Array.from({ length: 512 }, (_, index) => manifest(index));
  const treeOf = (
    ...manifests: readonly TreeManifest[]
  ): readonly [TreeManifest, ...TreeManifest[]] => [manifest(1000), ...manifests];
  expect(treeSubjects(REPOSITORIES, treeOf(...tree.slice(1)))).toHaveLength(1024);
  expect(() => treeSubjects(REPOSITORIES, treeOf(...tree))).toThrow(
    '513 manifests in 2 repositories are over the limit of 1024 subjects',
  );
});
