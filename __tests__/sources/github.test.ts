// Attestations of a repository, an owner or both, as sources of the gate.
import { afterAll, beforeEach, expect, test } from '@jest/globals';

import { attestationStore } from '../../src/github/attestations.ts';
import type { NonEmpty } from '../../src/model/non-empty.ts';
import { githubSource } from '../../src/sources/github.ts';
import { bundleAbout } from '../github/bundle.ts';
import { transportWith } from '../registry/connect.ts';
import { startGitHub } from '../../lab/services/start.ts';
import { type Collected, collect } from './collect.ts';

const github = await startGitHub({ tokens: { ghs_writer: 'write' }, organizations: [] });
const digest = `sha256:${'ab'.repeat(32)}` as const;
const subject = { repository: { registry: 'ghcr.io', path: 'acme/app' }, digest };
const store = attestationStore({
  apiUrl: github.url,
  token: 'ghs_writer',
  transport: transportWith(0),
  retryTimeout: 0,
});
await store.record('acme/app', digest, Buffer.from(JSON.stringify(bundleAbout(digest))));

beforeEach(() => github.mend());
afterAll(() => github.stop());

const find = (owners: NonEmpty<string>): Promise<Collected> =>
  collect(githubSource(store, owners, { used: 0 }).find(subject, new AbortController().signal));

test('finds a bundle with its place', async () => {
  const discovery = await find(['acme/app']);
  expect(discovery).toMatchObject({
    found: [{ source: 'github', place: 'attestations of acme/app, number 1' }],
    looked: [{ place: 'attestations of acme/app', answer: '1 listed' }],
    failures: [],
  });
  expect(JSON.parse(discovery.found[0]?.json.toString() ?? '')).toEqual(bundleAbout(digest));
});

test('searches every owner as a separate place', async () => {
  await github.fault({ path: '/repos/acme/deploy/', action: { status: 500 } });
  const { found, looked, failures } = await find(['acme/deploy', 'acme/app', 'acme/none']);
  expect(found).toHaveLength(1);
  expect(new Map(looked.map(({ place, answer }) => [place, answer]))).toEqual(
    new Map([
      ['attestations of acme/deploy', 'could not be read'],
      ['attestations of acme/app', '1 listed'],
      ['attestations of acme/none', '0 listed'],
    ]),
  );
  expect(failures).toMatchObject([{ code: 'SERVICE_UNREACHABLE' }]);
});

test('reports a failure without a token', async () => {
  const source = githubSource(undefined, ['acme/app'], { used: 0 });
  expect(await collect(source.find(subject, new AbortController().signal))).toMatchObject({
    found: [],
    looked: [{ answer: 'could not be read' }],
    failures: [
      {
        kind: 'input',
        code: 'INPUT_MISSING',
        remedy: expect.stringContaining('remove "github-token"'),
      },
    ],
  });
});
