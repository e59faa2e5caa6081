// The gate accepts the signers that the inputs name: repository, owner, workflow or certificate identity; similar names are rejected.
import { afterAll, describe, expect, test } from '@jest/globals';

import { signAndAttach } from './attach.ts';
import { entries, type Inputs, ISSUER, sampled, startWorld } from './world.ts';

// A reusable workflow of acme/ci signs what acme/tool builds.
const WORKFLOW = 'acme/ci/.github/workflows/build.yml';
const URL = `https://github.com/${WORKFLOW}@refs/heads/main`;
const world = await startWorld();
const image = await world.push('acme/tool');
await signAndAttach(world, image, {
  claims: { repository: 'acme/tool', job_workflow_ref: `${WORKFLOW}@refs/heads/main` },
});

afterAll(() => world.stop());

const accepted: readonly [string, Inputs][] = [
  ['its owner', { owner: 'acme' }],
  ['its workflow with the repository', { 'signer-workflow': WORKFLOW, repository: 'acme/tool' }],
  ['its workflow at any ref, with the owner', { 'signer-workflow': WORKFLOW, owner: 'acme' }],
  [
    'its workflow at this ref, with the repository',
    { 'signer-workflow': `${WORKFLOW}@refs/heads/main`, repository: 'acme/tool' },
  ],
  [
    'one of several identities and issuers',
    {
      'certificate-identity': `https://github.com/acme/old\n${URL}`,
      'certificate-oidc-issuer': `https://issuer.example\n${ISSUER}`,
    },
  ],
  [
    'an identity and an issuer by pattern',
    {
      'certificate-identity-regexp': 'https://github.com/acme/ci/.+@refs/heads/(main|next)',
      'certificate-oidc-issuer-regexp': 'https://token.actions.githubusercontent.com(/.*)?',
    },
  ],
];

const rejected: readonly [string, Inputs, string, string, string][] = [
  [
    'its repository and the workflow of another one',
    { repository: 'acme/tool' },
    'signer-workflow',
    'https://github.com/acme/tool/*',
    URL,
  ],
  [
    'another repository with the same prefix',
    { repository: 'acme/tool-x', 'signer-workflow': WORKFLOW },
    'repository',
    'https://github.com/acme/tool-x',
    'https://github.com/acme/tool',
  ],
  [
    'another owner with the same prefix',
    { owner: 'acm', 'signer-workflow': WORKFLOW },
    'owner',
    'https://github.com/acm',
    'https://github.com/acme',
  ],
  [
    'another workflow',
    { 'signer-workflow': 'acme/tool/.github/workflows/build.yml' },
    'signer-workflow',
    'https://github.com/acme/tool/.github/workflows/build.yml@ any ref',
    URL,
  ],
  [
    'another ref',
    { 'signer-workflow': `${WORKFLOW}@refs/heads/mai`, repository: 'acme/tool' },
    'signer-workflow',
    `https://github.com/${WORKFLOW}@refs/heads/mai`,
    URL,
  ],
  [
    'only a reusable workflow, without a repository or owner',
    { 'signer-workflow': WORKFLOW },
    'repository',
    'https://github.com/acme/ci or https://github.com/acme/app',
    'https://github.com/acme/tool',
  ],
  [
    'another identity',
    { 'certificate-identity': URL.slice(0, -1) },
    'certificate-identity',
    URL.slice(0, -1),
    URL,
  ],
  [
    'an identity pattern that matches only a part',
    { 'certificate-identity-regexp': 'https://github.com/acme/ci/.+@refs/heads/mai' },
    'certificate-identity',
    'a match of https://github.com/acme/ci/.+@refs/heads/mai',
    URL,
  ],
  [
    'another issuer',
    {
      'certificate-oidc-issuer': 'https://token.actions.githubusercontent.com/acme',
      owner: 'acme',
    },
    'issuer',
    `${ISSUER}/acme`,
    ISSUER,
  ],
];

describe.each(entries)('gate run from %s', (entry) => {
  test.each(sampled(accepted))('accepts a signer named by %s', async (_what, inputs) => {
    const { exit, outputs, annotations } = await world.run(entry, {
      mode: 'verify',
      images: image.reference,
      ...inputs,
    });
    expect({ exit, annotations, verdict: outputs['verdict'] }).toEqual({
      exit: 0,
      annotations: [],
      verdict: 'accepted',
    });
  });

  test.each(sampled(rejected))(
    'rejects a signer when the inputs name %s',
    async (_what, inputs, rule, expected, found) => {
      const { exit, outputs, annotations, summary } = await world.run(entry, {
        mode: 'verify',
        images: image.reference,
        ...inputs,
      });
      expect({
        exit,
        verified: outputs['verified'],
        verdict: outputs['verdict'],
        image: outputs['image'],
      }).toEqual({ exit: 1, verified: 'false', verdict: 'rejected', image: undefined });
      const [message = '', remedy = ''] = annotations[0]?.message.split('\n') ?? [];
      expect(message).toContain(
        `Cannot accept "${image.reference}": rejected, no acceptable signature. `,
      );
      expect(message).toContain(`. ${rule}: expected "${expected}", found "${found}"`);
      expect(remedy).toContain(`"${rule === 'issuer' ? 'certificate-oidc-issuer' : rule}`);
      expect(remedy).toMatch(/; otherwise do not deploy this image$/);
      expect(summary).toContain('| requirement | expected | found |');
      expect(JSON.parse(outputs['results'] ?? '')).toMatchObject([
        { unacceptable: [{ findings: [{ rule, expected, found }] }] },
      ]);
    },
  );
});
