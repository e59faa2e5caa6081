// Allowed signers: one identity for each combination of inputs.
import { describe, expect, test } from '@jest/globals';

import type { RawInputs } from '../../src/action/inputs.ts';
import { parse, VERIFY } from './given.ts';
import { GITHUB, identitiesOf, ISSUER, WORKFLOW } from './identity-words.ts';

describe('by name', () => {
  test.each<[string, Partial<RawInputs>, readonly string[]]>([
    [
      'a repository, with the workflows in it',
      { repository: 'acme/app' },
      [`repository ${GITHUB}/acme/app | signer-workflow ${GITHUB}/acme/app/*`],
    ],
    [
      'several, each with its own workflows and not with those of another',
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
      'a repository and an owner with their numbers',
      { repository: 'acme/app#1000001\nacme/db', owner: 'acme#2000002' },
      ['acme/app | repository-id 1000001', 'acme/db'].map(
        (name) =>
          `repository ${GITHUB}/${name} | owner ${GITHUB}/acme | owner-id 2000002 | signer-workflow ${GITHUB}/${name.split(' ')[0] ?? ''}/*`,
      ),
    ],
    [
      'a repository that was renamed, under both names',
      { repository: 'acme/app#7, acme/old#7' },
      ['acme/app', 'acme/old'].map(
        (name) =>
          `repository ${GITHUB}/${name} | repository-id 7 | signer-workflow ${GITHUB}/${name}/*`,
      ),
    ],
    [
      'a workflow from elsewhere that the repository calls',
      { repository: 'octocat/x', 'signer-workflow': `${WORKFLOW}@refs/tags/v1` },
      [`repository ${GITHUB}/octocat/x | signer-workflow ${GITHUB}/${WORKFLOW}@refs/tags/v1`],
    ],
    [
      'any of the workflows for any of the repositories',
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
      'a workflow alone: runs of its own repository and of this one',
      { 'signer-workflow': WORKFLOW },
      [
        `signer-workflow ${GITHUB}/${WORKFLOW}@ any ref | repository ${GITHUB}/acme/ci or ${GITHUB}/acme/app`,
      ],
    ],
    [
      'several workflows alone: each in its own repository and this one',
      { 'signer-workflow': `${WORKFLOW}\nacme/x/.github/workflows/y.yml` },
      [
        `signer-workflow ${GITHUB}/${WORKFLOW}@ any ref | repository ${GITHUB}/acme/ci or ${GITHUB}/acme/app`,
        `signer-workflow ${GITHUB}/acme/x/.github/workflows/y.yml@ any ref | repository ${GITHUB}/acme/x or ${GITHUB}/acme/app`,
      ],
    ],
    [
      'on the servers that are named',
      {
        repository: 'https://acme.ghe.com/acme/app\ngithub.com/acme/app',
        'signer-workflow': `https://acme.ghe.com/${WORKFLOW}\ngithub.com/${WORKFLOW}`,
      },
      ['https://acme.ghe.com', GITHUB].map(
        (server) =>
          `${server === GITHUB ? '' : 'https://token.actions.acme.ghe.com | '}repository ${server}/acme/app | signer-workflow ${server}/${WORKFLOW}@ any ref`,
      ),
    ],
  ])('%s', async (_, inputs, identities) => expect(await identitiesOf(inputs)).toEqual(identities));

  test('without a server, on the server that runs the job', async () =>
    expect(await identitiesOf({ owner: 'acme' }, { serverUrl: 'https://acme.ghe.com' })).toEqual([
      'https://token.actions.acme.ghe.com | owner https://acme.ghe.com/acme | signer-workflow https://acme.ghe.com/acme/*',
    ]));
});

describe('by default', () => {
  const name = `repository ${GITHUB}/acme/app`;
  const below = `signer-workflow ${GITHUB}/acme/app/*`;

  test('this repository, by name and numbers', async () =>
    expect(await identitiesOf({})).toEqual([
      `${name} | repository-id 1000001 | owner-id 2000002 | ${below}`,
    ]));

  test('by name if the runner provides no numbers', async () =>
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
  ])('also with %j, which names no signer', async (inputs) =>
    expect(await identitiesOf(inputs)).toEqual(await identitiesOf({})),
  );
});

describe('literally', () => {
  const main = `${GITHUB}/acme/app/.github/workflows/a.yml@refs/heads/main`;

  test.each<[string, Partial<RawInputs>, readonly string[]]>([
    [
      'one identity, of one issuer',
      { 'certificate-identity': main },
      [`certificate-identity ${main}`],
    ],
    [
      'a comma in it, which may be part of a ref',
      { 'certificate-identity': `${main},stable` },
      [`certificate-identity ${main},stable`],
    ],
    [
      'several of one issuer',
      { 'certificate-identity': `a@b.example\n ${main} ` },
      ['certificate-identity a@b.example', `certificate-identity ${main}`],
    ],
    [
      'one of several issuers',
      {
        'certificate-identity': main,
        'certificate-oidc-issuer': 'https://a.example\nhttps://b.example',
      },
      [`https://a.example or https://b.example | certificate-identity ${main}`],
    ],
    [
      'several of several issuers, in pairs',
      {
        'certificate-identity': `a@b.example\n${main}`,
        'certificate-oidc-issuer': 'https://a.example\nhttps://b.example',
      },
      [
        'https://a.example | certificate-identity a@b.example',
        `https://b.example | certificate-identity ${main}`,
      ],
    ],
  ])('%s', async (_, inputs, identities) => expect(await identitiesOf(inputs)).toEqual(identities));
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
  // Another server has another store, which nobody here can ask.
  [{ repository: 'https://acme.ghe.com/octocat/db' }, ['acme/app']],
  [{ repository: 'https://acme.ghe.com/octocat/db\noctocat/x' }, ['octocat/x']],
  [{ 'certificate-identity': 'x' }, ['acme/app']],
  [{ 'signer-workflow': WORKFLOW }, ['acme/app', 'acme/ci']],
  [{ 'signer-workflow': `github.com/${WORKFLOW}` }, ['acme/app', 'acme/ci']],
  [{ 'signer-workflow': `https://acme.ghe.com/${WORKFLOW}` }, ['acme/app']],
  [{ 'signer-workflow': WORKFLOW, owner: 'octocat' }, ['octocat']],
])('with %j the attestations of %s are read', async (inputs, attestationsOf) =>
  expect(await parse({ ...VERIFY, ...inputs })).toMatchObject({ attestationsOf }),
);
