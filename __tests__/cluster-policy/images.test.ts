// Globs of images, as policy-controller compiles them.
import { describe, expect, test } from '@jest/globals';

import { parseGlob } from '../../src/cluster-policy/images.ts';
import { matches } from '../../src/model/matcher.ts';
import { isProblem } from '../../src/text/parsed.ts';

const DIGEST = `@sha256:${'ab'.repeat(32)}`;

function accepts(glob: string, name: string): boolean {
  const parsed = parseGlob(glob);
  if (isProblem(parsed)) throw new Error(parsed.problem);
  return matches(parsed.value, name + DIGEST);
}

test.each([
  ['ghcr.io/acme/*', 'ghcr.io/acme/app', true],
  ['ghcr.io/acme/*', 'ghcr.io/acme/team/app', false],
  ['ghcr.io/acme/**', 'ghcr.io/acme/team/app', true],
  ['ghcr.io/acme/app*', 'ghcr.io/acme/app', true],
  ['ghcr.io/acme/app*', 'ghcr.io/acme/app-db', true],
  ['ghcr.io/acme/app**', 'ghcr.io/acme/app/x', true],
  ['ghcr.io/*/app*', 'ghcr.io/acme/app', true],
  ['ghcr.io/*', 'ghcr.io/acme/app', false],
  ['ghcr.io/acme/*', 'xghcr.io/acme/app', false],
  ['ghcr.io/acme/*', 'ghcrxio/acme/app', false],
  ['**', 'localhost:5000/a/b/c', true],
  ['localhost:5000/**', 'localhost:5000/a/b', true],
  ['*', 'index.docker.io/library/nginx', true],
  ['*', 'index.docker.io/acme/app', false],
  ['*/*', 'index.docker.io/acme/app', true],
  ['*/*', 'ghcr.io/acme', false],
  ['ghcr.io/acme/app@*', 'ghcr.io/acme/app', true],
  ['ghcr.io/acme/app@*', 'ghcr.io/acme/app-db', false],
  ['ghcr.io/acme/app@sha256:ab*', 'ghcr.io/acme/app', true],
  ['ghcr.io/acme/app@sha256:cd*', 'ghcr.io/acme/app', false],
  [`ghcr.io/acme/app${DIGEST}`, 'ghcr.io/acme/app', true],
  ['index.docker.io/library/nginx*', 'index.docker.io/library/nginx', true],
])('matches as policy-controller does: %s: %s %s', (glob, name, expected) =>
  expect(accepts(glob, name)).toBe(expected),
);

describe('a glob that could never match', () => {
  test.each([
    ['ghcr.io/acme/app', 'write "ghcr.io/acme/app*"'],
    ['ghcr.io/acme/app:v1', 'write "ghcr.io/acme/app*"'],
    ['docker.io/acme/*', 'write "index.docker.io/acme/*"'],
    ['ghcr.io/acme/app@sha256:abab', 'write "ghcr.io/acme/app*"'],
    ['ghcr.io/{acme,x}/*', 'use letters'],
    ['ghcr.io/acme/app?', 'use letters'],
  ])('is rejected: %s', (glob, remedy) =>
    expect(parseGlob(glob)).toMatchObject({ remedy: expect.stringContaining(remedy) }),
  );
});

test('matches many stars in linear time', () => {
  const started = performance.now();
  expect(accepts(`ghcr.io/${'*a'.repeat(120)}*`, `ghcr.io/${'a'.repeat(250)}b`)).toBe(true);
  expect(accepts(`ghcr.io/${'**a'.repeat(110)}x*`, `ghcr.io/${'a'.repeat(250)}b`)).toBe(false);
  expect(performance.now() - started).toBeLessThan(2000);
});
