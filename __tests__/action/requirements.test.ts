// What the gate's inputs demand of a signer.
import { describe, expect, test } from '@jest/globals';

import type { RawInputs } from '../../src/action/inputs.ts';
import type { Environment } from '../../src/action/environment.ts';
import type { VerifyRequest } from '../../src/model/request.ts';
import { parse, VERIFY } from './given.ts';

const WORKFLOW = 'acme/app/.github/workflows/release.yml';

function requirementsOf(changes: Partial<RawInputs>, environment: Partial<Environment> = {}): Partial<VerifyRequest['requirements']> {
  const request = parse({ ...VERIFY, ...changes }, environment);
  return request.mode === 'verify' ? request.requirements : {};
}

describe('identity', () => {
  test.each<[Partial<RawInputs>, string, object]>([
    [{ repository: 'acme/db' }, 'repository', { kind: 'exact', values: ['https://github.com/acme/db'] }],
    [{ repository: 'jane_acme/a.b_c-d' }, 'repository', { kind: 'exact', values: ['https://github.com/jane_acme/a.b_c-d'] }],
    [{ owner: 'acme' }, 'owner', { kind: 'exact', values: ['https://github.com/acme'] }],
    [{ 'certificate-identity': 'a@b.example\n https://x ' }, 'certificate-identity', { kind: 'exact', values: ['a@b.example', 'https://x'] }],
  ])('%j', (inputs, name, matcher) => expect(requirementsOf(inputs).identity).toEqual([{ name, matcher }]));

  test.each([
    ['at any ref', WORKFLOW, { kind: 'any-ref', url: `https://github.com/${WORKFLOW}` }],
    ['at one', `${WORKFLOW}@refs/tags/@acme/app@1.0.0`, { kind: 'exact', values: [`https://github.com/${WORKFLOW}@refs/tags/@acme/app@1.0.0`] }],
  ])('a workflow %s may be called by its own repository and this one', (_, workflow, matcher) => {
    const own = `https://github.com/${WORKFLOW.split('/').slice(0, 2).join('/')}`;
    expect(requirementsOf({ 'signer-workflow': workflow }, { repository: 'acme/deploy' }).identity).toEqual([
      { name: 'signer-workflow', matcher },
      { name: 'repository', matcher: { kind: 'exact', values: [own, 'https://github.com/acme/deploy'] } },
    ]);
  });

  test('every part that is given must hold', () => {
    expect(requirementsOf({ repository: 'acme/app', owner: 'acme', 'signer-workflow': WORKFLOW }).identity?.map(({ name }) => name)).toEqual(['repository', 'owner', 'signer-workflow']);
  });

  test('this repository is required only when nothing else is', () => {
    expect(requirementsOf({}).identity).toEqual([{ name: 'repository', matcher: { kind: 'exact', values: ['https://github.com/acme/app'] } }]);
    expect(requirementsOf({ owner: 'acme' }).identity).toHaveLength(1);
  });

  test('is that of the server that runs the job', () => {
    expect(requirementsOf({ owner: 'acme' }, { serverUrl: 'https://acme.ghe.com' }).identity).toMatchObject([{ matcher: { values: ['https://acme.ghe.com/acme'] } }]);
  });
});

test('issuers are exact, any of them', () => {
  expect(requirementsOf({ 'certificate-oidc-issuer': 'https://a.example\nhttps://b.example' }).issuer).toEqual({ kind: 'exact', values: ['https://a.example', 'https://b.example'] });
});

test('required types are all required, by name or URI', () => {
  expect(requirementsOf({ require: 'signature, provenance\nhttps://spdx.dev/Document' }).require).toEqual([
    { name: 'signature', predicateTypes: ['https://sigstore.dev/cosign/sign/v1'] },
    { name: 'provenance', predicateTypes: ['https://slsa.dev/provenance/v1', 'https://slsa.dev/provenance/v0.2'] },
    { name: 'https://spdx.dev/Document', predicateTypes: ['https://spdx.dev/Document'] },
  ]);
});

test.each<[Partial<RawInputs>, readonly string[]]>([
  [{}, ['acme/app']], [{ owner: 'octocat' }, ['octocat']], [{ repository: 'octocat/db', owner: 'octocat' }, ['octocat/db']], [{ 'certificate-identity': 'x' }, ['acme/app']],
  [{ 'signer-workflow': 'octocat/ci/.github/workflows/build.yml' }, ['acme/app', 'octocat/ci']], [{ 'signer-workflow': 'octocat/ci/.github/workflows/build.yml', owner: 'octocat' }, ['octocat']],
])(
  'with %j the attestations of %s are asked for',
  (inputs, attestationsOf) => expect(parse({ ...VERIFY, ...inputs })).toMatchObject({ attestationsOf }),
);
