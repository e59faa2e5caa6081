// URLs of workflow files on the hosts that Fulcio supports.
import { expect, test } from '@jest/globals';
import { parseWorkflow } from '../../src/model/workflow.ts';

const GITHUB = {
  server: 'https://github.com',
  repository: 'acme/app',
  path: '.github/workflows/release.yml',
};

test.each([
  [
    'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main',
    { ...GITHUB, ref: 'refs/heads/main' },
  ],
  [
    'https://github.com/acme/app/.github/workflows/release.yml@refs/tags/a@b',
    { ...GITHUB, ref: 'refs/tags/a@b' },
  ],
  [
    'https://git.acme.example/acme/app/.github/workflows/release.yml@refs/heads/main',
    { ...GITHUB, server: 'https://git.acme.example', ref: 'refs/heads/main' },
  ],
  [
    'https://gitlab.com/acme/tools/app//.gitlab-ci.yml@refs/heads/main',
    {
      server: 'https://gitlab.com',
      repository: 'acme/tools/app',
      path: '.gitlab-ci.yml',
      ref: 'refs/heads/main',
    },
  ],
])('reads a workflow URL: %s', (url, workflow) => expect(parseWorkflow(url)).toEqual(workflow));

test.each([
  'dev@acme.example',
  'https://github.com/acme/app',
  'https://github.com/acme/app/.github/workflows/release.yml',
  'https://github.com/acme/app/.github/workflows/release.yml@',
  'http://github.com/acme/app/.github/workflows/release.yml@refs/heads/main',
  'https://github.com/acme/app/evil/.github/workflows/release.yml@refs/heads/main',
  'https://user@github.com/acme/app/.github/workflows/release.yml@refs/heads/main',
  'https://github.com/acme/app/.github/workflows/a/release.yml@refs/heads/main',
  '',
])('rejects a URL that is not of a workflow: %s', (url) =>
  expect(parseWorkflow(url)).toBeUndefined(),
);
