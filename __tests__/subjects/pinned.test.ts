// The subjects to sign of references with a digest.
import { expect, test } from '@jest/globals';

import { pinnedSubjects } from '../../src/subjects/pinned.ts';

const app = { registry: 'ghcr.io', path: 'acme/app' };
const db = { registry: 'ghcr.io', path: 'acme/db' };
const [one, two] = [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`] as const;

test('returns the manifest of each digest, regardless of tags, in the order of the inputs', () => {
  const subjects = pinnedSubjects([
    { text: 'ghcr.io/acme/db:v1', repository: db, tag: 'v1', digest: two },
    { text: `ghcr.io/acme/app@${one}`, repository: app, digest: one },
  ]);
  expect(subjects).toEqual([
    { repository: db, digest: two },
    { repository: app, digest: one },
  ]);
});
