// Image references as users write them, and common mistakes.
import { describe, expect, test } from '@jest/globals';

import { formatRepository, parseReference } from '../../src/model/reference.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('a name', () => {
  test.each([
    ['nginx', 'docker.io/library/nginx'],
    ['library/nginx', 'docker.io/library/nginx'],
    ['octocat/app', 'docker.io/octocat/app'],
    ['a/b/c', 'docker.io/a/b/c'],
    ['docker.io/nginx', 'docker.io/library/nginx'],
    ['index.docker.io/octocat/app', 'docker.io/octocat/app'],
    ['registry-1.docker.io/nginx', 'docker.io/library/nginx'],
    ['ghcr.io/acme/app', 'ghcr.io/acme/app'],
    ['ghcr.io/Acme/App', 'ghcr.io/acme/app'],
    ['GHCR.io/acme/app', 'ghcr.io/acme/app'],
    ['localhost/app', 'localhost/app'],
    ['localhost:5000/app', 'localhost:5000/app'],
    ['registry:5000/app', 'registry:5000/app'],
    ['127.0.0.1:5000/acme/app', '127.0.0.1:5000/acme/app'],
    ['[::1]:5000/app', '[::1]:5000/app'],
    ['[2001:db8::1]/app', '[2001:db8::1]/app'],
    ['europe-docker.pkg.dev/project/repo/app', 'europe-docker.pkg.dev/project/repo/app'],
    ['quay.io/a.b_c__d---e/f', 'quay.io/a.b_c__d---e/f'],
    ['oci://ghcr.io/acme/charts/app', 'ghcr.io/acme/charts/app'],
  ])('is normalized: %s to %s', (text, name) => {
    const parsed = parseReference(text);
    expect(parsed).toEqual({ value: { text, repository: expect.anything() } });
    expect('value' in parsed && formatRepository(parsed.value.repository)).toBe(name);
  });
});

describe('a reference with tags and digests', () => {
  test.each([
    ['nginx:1.27', { tag: '1.27' }],
    ['localhost:5000/app:v1', { tag: 'v1' }],
    ['[::1]:5000/app:v1', { tag: 'v1' }],
    [`nginx@${DIGEST}`, { digest: DIGEST }],
    [`ghcr.io/acme/app:V1_x-y.z@${DIGEST}`, { tag: 'V1_x-y.z', digest: DIGEST }],
    [`app:${'t'.repeat(128)}`, { tag: 't'.repeat(128) }],
  ])('is parsed: %s', (text, parts) => {
    expect(parseReference(text)).toEqual({
      value: { text, repository: expect.anything(), ...parts },
    });
  });
});

test.each([
  ['', 'is not a valid repository name'],
  ['Nginx', 'has upper-case letters'],
  ['quay.io/Acme/app', 'has upper-case letters'],
  ['app:', 'no valid tag'],
  ['app:-v1', 'no valid tag'],
  ['app:.v1', 'no valid tag'],
  ['app:v1:v2', 'no valid tag'],
  [`app:${'t'.repeat(129)}`, 'no valid tag'],
  ['app:v1 ', 'no valid tag'],
  [`app@${DIGEST}@${DIGEST}`, 'more than one "@"'],
  ['app@', 'the digest is empty'],
  ['app@latest', 'not "sha256:" and 64 hex digits'],
  [`app@sha256:${'A'.repeat(64)}`, 'upper-case digits'],
  [`@${DIGEST}`, 'is not a valid repository name'],
  [':v1', 'is not a valid repository name'],
  ['/app', 'is not a valid repository name'],
  ['ghcr.io/', 'is not a valid repository name'],
  ['ghcr.io//app', 'is not a valid repository name'],
  ['ghcr.io/acme/', 'is not a valid repository name'],
  ['ghcr.io/acme/.app', 'is not a valid repository name'],
  ['ghcr.io/acme/app-', 'is not a valid repository name'],
  ['ghcr.io/acme/a___b', 'is not a valid repository name'],
  ['ghcr.io/acme/a..b', 'is not a valid repository name'],
  ['ghcr.io/acme:1/app', 'is not a valid repository name'],
  ['ghcr.io/../app', 'is not a valid repository name'],
  ['ghcr.io/acme/app name', 'is not a valid repository name'],
  ['ghcr.io/acme/app?x=1', 'is not a valid repository name'],
  ['ghcr.io/acme/app#x', 'is not a valid repository name'],
  ['ghcr.io/acme/äpp', 'is not a valid repository name'],
  ['https://ghcr.io/acme/app', '"https://ghcr.io/acme/app" is an address'],
  ['https://user:password@ghcr.io/acme/app', '"https://…@ghcr.io/acme/app" is an address'],
  ['docker://ghcr.io/acme/app', 'is an address'],
  ['oci://', 'is not a valid repository name'],
  ['oci://oci://ghcr.io/acme/app', 'is not a registry host'],
  ['user:password@ghcr.io/acme/app', 'not "sha256:" and 64 hex digits'],
  ['.ghcr.io/app', 'is not a registry host'],
  ['-a.io/app', 'is not a registry host'],
  ['a.io-/app', 'is not a registry host'],
  ['ghcr.io:/app', 'is not a registry host'],
  ['ghcr.io:port/app', 'is not a registry host'],
  ['ghcr.io:123456/app', 'is not a registry host'],
  ['ghcr.io:65536/app', 'is not a registry host'],
  ['1.2.3.4.5/app', 'is not a registry host'],
  ['256.0.0.1/app', 'is not a registry host'],
  ['[::1/app', 'is not a registry host'],
  ['[:::::]/app', 'is not a registry host'],
  ['ghcr_io.x/app', 'is not a registry host'],
  ['ghcr.io\u0000.evil.example/app', 'is not a registry host'],
  [`ghcr.io/${'a'.repeat(250)}`, 'is not a valid repository name'],
])('rejects %j: %s', (text, problem) => {
  expect(parseReference(text)).toEqual({
    problem: expect.stringContaining(problem),
    remedy: expect.stringMatching(/./),
  });
});

test('suggests the lower-case name for one with capitals', () => {
  expect(parseReference('quay.io/Acme/App:v1')).toMatchObject({
    remedy: 'write "quay.io/acme/app", as it was pushed',
  });
});

test.each([
  ['quay.io/acme/.app', /a name has lower-case letters and digits, .* at most 255 characters/],
  ['quay.io/acme/app:-v1', /a tag has at most 128 letters/],
  ['quay.io:port/app', /a registry is a host name or an address/],
  ['https://ghcr.io/acme/app', /^write it without "https:\/\/"$/],
])('reports which characters are allowed for %s', (text, remedy) =>
  expect(parseReference(text)).toMatchObject({ remedy: expect.stringMatching(remedy) }),
);
