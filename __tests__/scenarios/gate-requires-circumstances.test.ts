// How an image was built matters, too: runs for pull requests are rejected by default, and refs, commits, events, environments and runners can be required.
import { afterAll, describe, expect, test } from '@jest/globals';

import { signAndAttach } from './attach.ts';
import { expectAccepted, expectRejected } from './gate-verdicts.ts';
import { entries, type Image, type Inputs, sampled, startWorld } from './world.ts';

const RELEASE = 'acme/app/.github/workflows/release.yml';
const BUILDER = 'acme/builders/.github/workflows/build.yml';
const SHA = '1f0d0a3c5b7e9d2f4a6c8e0b1d3f5a7c9e2b4d60';
const OTHER_SHA = 'abcdef0123456789abcdef0123456789abcdef01';
const NO_PROPOSALS = 'anything but pull_request and pull_request_target';
const world = await startWorld();

const runs = {
  'a push to main': {},
  'a pull request': {
    event_name: 'pull_request',
    ref: 'refs/pull/7/merge',
    job_workflow_ref: `${RELEASE}@refs/pull/7/merge`,
  },
  'code of a pull request on main': { event_name: 'pull_request_target' },
  'a schedule': { event_name: 'schedule' },
  'a branch built by the pinned builder': {
    ref: 'refs/heads/mallory',
    job_workflow_ref: `${BUILDER}@refs/tags/v1`,
    job_workflow_sha: OTHER_SHA,
  },
  'a version tag': { ref: 'refs/tags/v1.2.3' },
  'a self-hosted runner': { runner_environment: 'self-hosted' },
  'the environment production': { environment: 'production' },
} as const satisfies Readonly<Record<string, Inputs>>;

type Run = keyof typeof runs | 'a certificate without an event';

const images = new Map<Run, Image>();
for (const [name, claims] of Object.entries(runs)) {
  const image = await world.push('acme/app', { content: name });
  await signAndAttach(world, image, { claims });
  images.set(name as Run, image);
}
await world.sigstore.set({ omittedExtensions: ['20'] });
const silent = await world.push('acme/app', { content: 'silent' });
await signAndAttach(world, silent);
await world.sigstore.set({ omittedExtensions: [] });
images.set('a certificate without an event', silent);

afterAll(() => world.stop());

const MAIN = { 'signer-workflow': `${RELEASE}@refs/heads/main` };
const PINNED = { 'signer-workflow': `${BUILDER}@refs/tags/v1`, repository: 'acme/app' };
const LITERAL = { 'certificate-identity': `https://github.com/${RELEASE}@refs/heads/main` };

const accepted: readonly (readonly [Run, Inputs])[] = [
  ['a push to main', {}],
  ['a schedule', {}],
  ['a self-hosted runner', {}],
  ['the environment production', {}],
  ['a pull request', { event: 'push\npull_request' }],
  ['code of a pull request on main', { event: 'pull_request_target' }],
  ['code of a pull request on main', LITERAL],
  ['a certificate without an event', LITERAL],
  ['a branch built by the pinned builder', PINNED],
  ['a branch built by the pinned builder', { ...PINNED, 'source-ref': 'refs/heads/*' }],
  ['a branch built by the pinned builder', { ...PINNED, 'source-digest': `${OTHER_SHA}, ${SHA}` }],
  ['a branch built by the pinned builder', { ...PINNED, 'signer-digest': OTHER_SHA }],
  ['a push to main', { 'source-ref': 'refs/tags/v*\nrefs/heads/main' }],
  ['a version tag', { 'source-ref': 'refs/tags/v*' }],
  ['a push to main', { 'deny-self-hosted-runners': 'true' }],
  ['the environment production', { environment: 'staging\nproduction' }],
];

/** Run, inputs, and the finding: rule, expected, found. */
const refused: readonly (readonly [Run, Inputs, string, string, string])[] = [
  ['a pull request', {}, 'event', NO_PROPOSALS, 'pull_request'],
  ['a pull request', { repository: 'acme/app' }, 'event', NO_PROPOSALS, 'pull_request'],
  ['a pull request', { owner: 'acme' }, 'event', NO_PROPOSALS, 'pull_request'],
  ['a pull request', { 'signer-workflow': RELEASE }, 'event', NO_PROPOSALS, 'pull_request'],
  ['code of a pull request on main', MAIN, 'event', NO_PROPOSALS, 'pull_request_target'],
  ['a certificate without an event', {}, 'event', NO_PROPOSALS, 'not in the certificate'],
  [
    'a schedule',
    { event: 'push, workflow_dispatch' },
    'event',
    'push or workflow_dispatch',
    'schedule',
  ],
  ['a schedule', { ...LITERAL, event: 'push' }, 'event', 'push', 'schedule'],
  [
    'a branch built by the pinned builder',
    { ...PINNED, 'source-ref': 'refs/heads/main' },
    'source-ref',
    'refs/heads/main',
    'refs/heads/mallory',
  ],
  [
    'a push to main',
    { 'source-ref': 'refs/heads/mai' },
    'source-ref',
    'refs/heads/mai',
    'refs/heads/main',
  ],
  [
    'a push to main',
    { 'source-ref': 'refs/tags/*' },
    'source-ref',
    'refs/tags/*',
    'refs/heads/main',
  ],
  ['a push to main', { 'source-digest': OTHER_SHA }, 'source-digest', OTHER_SHA, SHA],
  [
    'a branch built by the pinned builder',
    { ...PINNED, 'signer-digest': SHA },
    'signer-digest',
    SHA,
    OTHER_SHA,
  ],
  [
    'a self-hosted runner',
    { 'deny-self-hosted-runners': 'true' },
    'deny-self-hosted-runners',
    'github-hosted',
    'self-hosted',
  ],
  [
    'a push to main',
    { environment: 'production' },
    'environment',
    'production',
    'not in the certificate',
  ],
  [
    'the environment production',
    { environment: 'Production' },
    'environment',
    'Production',
    'production',
  ],
];

describe.each(entries)('gate run from %s', (entry) => {
  test.each(sampled(accepted))('accepts %s when the inputs are %j', async (run, inputs) => {
    const reference = images.get(run)?.reference ?? '';
    const result = await world.run(entry, { mode: 'verify', images: reference, ...inputs });
    expectAccepted(result, reference);
  });

  test.each(sampled(refused))(
    'rejects %s when the inputs are %j: %s',
    async (run, inputs, rule, expected, found) => {
      const reference = images.get(run)?.reference ?? '';
      const result = await world.run(entry, {
        mode: 'verify',
        images: reference,
        ...inputs,
      });
      expectRejected(result, [{ rule, expected, found }]);
      const { annotations, log } = result;
      const [message = '', remedy = ''] = annotations[0]?.message.split('\n') ?? [];
      expect(message).toContain(
        `Cannot accept "${reference}": rejected, no acceptable signature. `,
      );
      expect(message).toContain(`. ${rule}: expected "${expected}", found "${found}"`);
      // Naming the signer would disable the default of "event".
      expect(log).not.toContain('to accept this signer');
      expect(remedy).toContain(`"${rule}"; otherwise do not deploy this image`);
    },
  );

  test('reports the input that would accept the rejected run', async () => {
    const reference = images.get('a pull request')?.reference ?? '';
    const { annotations } = await world.run(entry, { mode: 'verify', images: reference });
    expect(annotations[0]?.message).toMatch(
      /\nTo fix: if runs on "pull_request" are allowed to sign this image, add "pull_request" to "event"; otherwise/,
    );
  });
});
