// Valid certificates of other signers, and inputs that could be mistaken to accept them.
import { afterAll, describe, expect, test } from '@jest/globals';

import { signAndAttach } from './attach.ts';
import { expectAccepted, expectRejected } from './gate-verdicts.ts';
import { entries, type Image, type Inputs, ISSUER, sampled, startWorld } from './world.ts';

const RELEASE = 'acme/app/.github/workflows/release.yml';
const FOREIGN = 'https://issuer.example';
const world = await startWorld();
const { oidc, sigstore } = world;
await sigstore.set({
  issuers: [ISSUER, FOREIGN].map((issuer) => ({ issuer, jwks: oidc.jwks })),
});

const signers = {
  'a workflow of mallory that acme/app calls': {
    job_workflow_ref: 'mallory/wf/.github/workflows/x.yml@refs/heads/main',
  },
  'a workflow of acme/ci that acme/app calls': {
    job_workflow_ref: 'acme/ci/.github/workflows/build.yml@refs/tags/v1',
  },
  'a workflow of acme/db that acme/app calls': {
    job_workflow_ref: 'acme/db/.github/workflows/x.yml@refs/heads/main',
  },
  'a workflow of acme/app that mallory calls': {
    repository: 'mallory/app',
    job_workflow_ref: `${RELEASE}@refs/heads/main`,
  },
  'another repository with the same name': { repository_id: '666' },
  'another owner with the same name': { repository_id: '666', repository_owner_id: '667' },
  'a repository whose name has the same prefix': { repository: 'acme/app-x' },
  'a repository in other letter case': { repository: 'Acme/App' },
  'a workflow whose name has the same prefix': {
    job_workflow_ref: 'acme/app/.github/workflows/release.yml.x.yml@refs/heads/main',
  },
  'the branch release': { job_workflow_ref: `${RELEASE}@refs/heads/release` },
  'the main branch': {},
} as const satisfies Readonly<Record<string, Inputs>>;

type Signer = keyof typeof signers | 'a foreign issuer';

const images = new Map<Signer, Image>();
for (const [name, claims] of Object.entries(signers)) {
  const image = await world.push('acme/app', { content: name });
  await signAndAttach(world, image, { claims });
  images.set(name as Signer, image);
}
await oidc.set({ issuer: FOREIGN });
const foreign = await world.push('acme/app', { content: 'foreign' });
await signAndAttach(world, foreign);
await oidc.set({ issuer: ISSUER });
images.set('a foreign issuer', foreign);

afterAll(() => world.stop());

const MAIN = `https://github.com/${RELEASE}@refs/heads/main`;
const TWO = { 'certificate-identity': `dev@acme.example\n${MAIN}` };

const accepted: readonly (readonly [Signer, Inputs])[] = [
  ['the main branch', {}],
  ['the main branch', { repository: 'github.com/acme/app' }],
  ['the main branch', { repository: 'https://github.com/acme/app' }],
  ['the main branch', { owner: 'octocat\ngithub.com/acme' }],
  ['the main branch', { 'signer-workflow': `github.com/${RELEASE}` }],
  ['the main branch', { 'signer-workflow': `octocat/x/.github/workflows/x.yml, ${RELEASE}` }],
  ['the main branch', { repository: 'acme/db\nacme/app' }],
  ['another owner with the same name', { repository: 'acme/app' }],
  ['a workflow of acme/ci that acme/app calls', { owner: 'acme' }],
  [
    'a workflow of acme/ci that acme/app calls',
    { 'signer-workflow': 'acme/ci/.github/workflows/build.yml' },
  ],
  ['a workflow of acme/app that mallory calls', { 'certificate-identity': MAIN }],
  ['a foreign issuer', { ...TWO, 'certificate-oidc-issuer': `${ISSUER}\n${FOREIGN}` }],
];

/** Signer, inputs, and the rules that fail. */
const refused: readonly (readonly [Signer, Inputs, ...string[]])[] = [
  ['a workflow of mallory that acme/app calls', {}, 'signer-workflow'],
  ['a workflow of mallory that acme/app calls', { repository: 'acme/app' }, 'signer-workflow'],
  ['a workflow of mallory that acme/app calls', { owner: 'acme' }, 'signer-workflow'],
  ['a workflow of acme/ci that acme/app calls', { repository: 'acme/app' }, 'signer-workflow'],
  [
    'a workflow of acme/db that acme/app calls',
    { repository: 'acme/app\nacme/db' },
    'signer-workflow',
  ],
  ['a workflow of acme/app that mallory calls', { 'signer-workflow': RELEASE }, 'repository'],
  ['a workflow of acme/app that mallory calls', { owner: 'acme' }, 'owner'],
  ['another repository with the same name', {}, 'repository-id'],
  ['another owner with the same name', {}, 'repository-id', 'owner-id'],
  ['another repository with the same name', { repository: 'acme/app#1000001' }, 'repository-id'],
  ['another owner with the same name', { owner: 'acme#2000002' }, 'owner-id'],
  [
    'a repository whose name has the same prefix',
    { repository: 'acme/app' },
    'repository',
    'signer-workflow',
  ],
  [
    'a repository in other letter case',
    { repository: 'acme/app' },
    'repository',
    'signer-workflow',
  ],
  ['a workflow whose name has the same prefix', { 'signer-workflow': RELEASE }, 'signer-workflow'],
  [
    'the branch release',
    { 'certificate-identity': `https://github.com/${RELEASE}@refs/heads/release,stable` },
    'certificate-identity',
  ],
  [
    'a foreign issuer',
    { ...TWO, 'certificate-oidc-issuer': `${FOREIGN}\n${ISSUER}` },
    'certificate-identity',
  ],
];

describe.each(entries)('gate run from %s', (entry) => {
  test.each(sampled(accepted))('accepts %s when the inputs are %j', async (signer, inputs) => {
    const reference = images.get(signer)?.reference ?? '';
    const result = await world.run(entry, { mode: 'verify', images: reference, ...inputs });
    expectAccepted(result, reference);
  });

  test.each(sampled(refused))(
    'rejects %s when the inputs are %j',
    async (signer, inputs, ...rules) => {
      const result = await world.run(entry, {
        mode: 'verify',
        images: images.get(signer)?.reference ?? '',
        ...inputs,
      });
      expectRejected(
        result,
        rules.map((rule) => ({ rule })),
      );
      const { annotations } = result;
      expect(annotations[0]?.message).toMatch(
        /\nTo fix: if .*; otherwise do not deploy this image$/,
      );
    },
  );

  test('reports how to accept a reusable workflow', async () => {
    const reference = images.get('a workflow of acme/ci that acme/app calls')?.reference ?? '';
    const { annotations } = await world.run(entry, {
      mode: 'verify',
      images: reference,
      repository: 'acme/app',
    });
    expect(annotations[0]?.message).toMatch(
      /signer-workflow: expected "https:\/\/github\.com\/acme\/app\/\*", found "https:\/\/github\.com\/acme\/ci\/\S+@refs\/tags\/v1"\nTo fix: if that workflow is allowed to sign, add "signer-workflow: github\.com\/acme\/ci\/\.github\/workflows\/build\.yml"; otherwise/,
    );
  });
});
