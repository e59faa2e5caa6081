// Allowed signers: one identity for each combination of inputs.
import { describe, expect, test } from '@jest/globals';

import type { RawInputs } from '../../src/action/inputs.ts';
import { parse, VERIFY } from './given.ts';
import { GITHUB, identitiesOf, ISSUER, WORKFLOW } from './identity-words.ts';

describe('identities named by the inputs', () => {
  test.each<[string, Partial<RawInputs>, readonly string[]]>([
    [
      'the workflows of a repository',
      { repository: 'acme/app' },
      [`repository ${GITHUB}/acme/app | signer-workflow ${GITHUB}/acme/app/*`],
    ],
    [
      'several repositories, each only with its own workflows',
      { repository: 'acme/app\nacme/db, octocat/x' },
      ['acme/app', 'acme/db', 'octocat/x'].map(
        (name) => `repository ${GITHUB}/${name} | signer-workflow ${GITHUB}/${name}/*`,
      ),
    ],
    [
      'owners, with the workflows of their repositories',
      { owner: 'acme\noctocat' },
      ['acme', 'octocat'].map(
        (name) => `owner ${GITHUB}/${name} | signer-workflow ${GITHUB}/${name}/*`,
      ),
    ],
    [
      'a repository of an owner',
      { repository: 'acme/app', owner: 'acme' },
      [
        `repository ${GITHUB}/acme/app | owner ${GITHUB}/acme | signer-workflow ${GITHUB}/acme/app/*`,
      ],
    ],
    [
      'a repository and an owner with their ids',
      { repository: 'acme/app#1000001\nacme/db', owner: 'acme#2000002' },
      ['acme/app | repository-id 1000001', 'acme/db'].map(
        (name) =>
          `repository ${GITHUB}/${name} | owner ${GITHUB}/acme | owner-id 2000002 | signer-workflow ${GITHUB}/${name.split(' ')[0] ?? ''}/*`,
      ),
    ],
    [
      'a renamed repository, under both names',
      { repository: 'acme/app#7, acme/old#7' },
      ['acme/app', 'acme/old'].map(
        (name) =>
          `repository ${GITHUB}/${name} | repository-id 7 | signer-workflow ${GITHUB}/${name}/*`,
      ),
    ],
    [
      'a workflow of another repository that the repository calls',
      { repository: 'octocat/x', 'signer-workflow': `${WORKFLOW}@refs/tags/v1` },
      [`repository ${GITHUB}/octocat/x | signer-workflow ${GITHUB}/${WORKFLOW}@refs/tags/v1`],
    ],
    [
      'any of several workflows for any of several repositories',
      {
        repository: 'acme/app\nacme/db',
        'signer-workflow': `${WORKFLOW}, acme/x/.github/workflows/y.yaml`,
      },
      ['acme/app', 'acme/db'].flatMap((name) =>
        [WORKFLOW, 'acme/x/.github/workflows/y.yaml'].map(
          (file) => `repository ${GITHUB}/${name} | signer-workflow ${GITHUB}/${file}@ any ref`,
        ),
      ),
    ],
    [
      'a workflow for an owner',
      { owner: 'acme', 'signer-workflow': WORKFLOW },
      [`owner ${GITHUB}/acme | signer-workflow ${GITHUB}/${WORKFLOW}@ any ref`],
    ],
    [
      'a workflow without a repository: in its own repository and in this one',
      { 'signer-workflow': WORKFLOW },
      [
        `signer-workflow ${GITHUB}/${WORKFLOW}@ any ref | repository ${GITHUB}/acme/ci or ${GITHUB}/acme/app`,
      ],
    ],
    [
      'several workflows without a repository: each in its own and in this one',
      { 'signer-workflow': `${WORKFLOW}\nacme/x/.github/workflows/y.yml` },
      [
        `signer-workflow ${GITHUB}/${WORKFLOW}@ any ref | repository ${GITHUB}/acme/ci or ${GITHUB}/acme/app`,
        `signer-workflow ${GITHUB}/acme/x/.github/workflows/y.yml@ any ref | repository ${GITHUB}/acme/x or ${GITHUB}/acme/app`,
      ],
    ],
    [
      'names on the servers in the inputs',
      {
        repository: 'https://acme.ghe.com/acme/app\ngithub.com/acme/app',
        'signer-workflow': `https://acme.ghe.com/${WORKFLOW}\ngithub.com/${WORKFLOW}`,
      },
      ['https://acme.ghe.com', GITHUB].map(
        (server) =>
          `${server === GITHUB ? '' : 'https://token.actions.acme.ghe.com | '}repository ${server}/acme/app | signer-workflow ${server}/${WORKFLOW}@ any ref`,
      ),
    ],
  ])('accepts %s', async (_, inputs, identities) =>
    expect(await identitiesOf(inputs)).toEqual(identities),
  );

  test('accepts names on the server that runs the job if the inputs name no server', async () =>
    expect(await identitiesOf({ owner: 'acme' }, { serverUrl: 'https://acme.ghe.com' })).toEqual([
      'https://token.actions.acme.ghe.com | owner https://acme.ghe.com/acme | signer-workflow https://acme.ghe.com/acme/*',
    ]));
});

describe('the default identity', () => {
  const name = `repository ${GITHUB}/acme/app`;
  const below = `signer-workflow ${GITHUB}/acme/app/*`;

  test('is this repository, by name and ids', async () =>
    expect(await identitiesOf({})).toEqual([
      `${name} | repository-id 1000001 | owner-id 2000002 | ${below}`,
    ]));

  test('is this repository by name only if the runner provides no ids', async () =>
    expect(await identitiesOf({}, { repositoryId: '', repositoryOwnerId: '' })).toEqual([
      `${name} | ${below}`,
    ]));

  test.each<Partial<RawInputs>>([
    { 'source-ref': 'refs/heads/main' },
    { 'source-digest': 'ab'.repeat(20) },
    { 'signer-digest': 'ab'.repeat(20) },
    { event: 'push' },
    { environment: 'production' },
    { 'deny-self-hosted-runners': 'true' },
    { 'certificate-oidc-issuer': ISSUER },
  ])('is this repository for %j, which names no signer', async (inputs) =>
    expect(await identitiesOf(inputs)).toEqual(await identitiesOf({})),
  );
});

describe('literal certificate identities', () => {
  const main = `${GITHUB}/acme/app/.github/workflows/a.yml@refs/heads/main`;

  test.each<[string, Partial<RawInputs>, readonly string[]]>([
    [
      'one identity of one issuer',
      { 'certificate-identity': main },
      [`certificate-identity ${main}`],
    ],
    [
      'an identity with a comma, which a ref may contain',
      { 'certificate-identity': `${main},stable` },
      [`certificate-identity ${main},stable`],
    ],
    [
      'several identities of one issuer',
      { 'certificate-identity': `a@b.example\n ${main} ` },
      ['certificate-identity a@b.example', `certificate-identity ${main}`],
    ],
    [
      'one identity of several issuers',
      {
        'certificate-identity': main,
        'certificate-oidc-issuer': 'https://a.example\nhttps://b.example',
      },
      [`https://a.example or https://b.example | certificate-identity ${main}`],
    ],
    [
      'several identities of several issuers, as pairs',
      {
        'certificate-identity': `a@b.example\n${main}`,
        'certificate-oidc-issuer': 'https://a.example\nhttps://b.example',
      },
      [
        'https://a.example | certificate-identity a@b.example',
        `https://b.example | certificate-identity ${main}`,
      ],
    ],
  ])('accept %s', async (_, inputs, identities) =>
    expect(await identitiesOf(inputs)).toEqual(identities),
  );
});

test('accepts any of several issuers for an owner', async () => {
  const issuers = 'https://a.example\nhttps://b.example';
  expect(await identitiesOf({ owner: 'acme', 'certificate-oidc-issuer': issuers })).toEqual([
    `https://a.example or https://b.example | owner ${GITHUB}/acme | signer-workflow ${GITHUB}/acme/*`,
  ]);
});

test.each<[Partial<RawInputs>, readonly string[]]>([
  [{}, ['acme/app']],
  [{ owner: 'octocat' }, ['octocat']],
  [{ repository: 'octocat/db', owner: 'octocat' }, ['octocat/db']],
  [{ repository: 'octocat/db\nacme/x\noctocat/db' }, ['octocat/db', 'acme/x']],
  [{ repository: 'github.com/octocat/db' }, ['octocat/db']],
  [{ owner: 'https://github.com/octocat' }, ['octocat']],
  // Another server has its own store, which this step cannot read.
  [{ repository: 'https://acme.ghe.com/octocat/db' }, ['acme/app']],
  [{ repository: 'https://acme.ghe.com/octocat/db\noctocat/x' }, ['octocat/x']],
  [{ 'certificate-identity': 'x' }, ['acme/app']],
  [{ 'signer-workflow': WORKFLOW }, ['acme/app', 'acme/ci']],
  [{ 'signer-workflow': `github.com/${WORKFLOW}` }, ['acme/app', 'acme/ci']],
  [{ 'signer-workflow': `https://acme.ghe.com/${WORKFLOW}` }, ['acme/app']],
  [{ 'signer-workflow': WORKFLOW, owner: 'octocat' }, ['octocat']],
])('with %j, reads the attestations of %s', async (inputs, attestationsOf) =>
  expect(await parse({ ...VERIFY, ...inputs })).toMatchObject({ attestationsOf }),
);
