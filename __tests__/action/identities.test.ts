// Allowed signers: one identity for each combination of inputs.
import { describe, expect, test } from '@jest/globals';

import type { Environment } from '../../src/action/environment.ts';
import type { RawInputs } from '../../src/action/inputs.ts';
import { formatMatcher } from '../../src/model/matcher.ts';
import type { Identity } from '../../src/model/policy.ts';
import { authorityOf, parse, problemsOf, requirementsIn, VERIFY } from './given.ts';

const ISSUER = 'https://token.actions.githubusercontent.com';
const GITHUB = 'https://github.com';
const WORKFLOW = 'acme/ci/.github/workflows/build.yml';

/** Each identity as `issuer | rule matcher | …`, without the issuer where it is GitHub's. */
async function identitiesOf(
  changes: Partial<RawInputs>,
  environment: Partial<Environment> = {},
): Promise<readonly string[]> {
  const authority = await authorityOf(changes, environment);
  if (authority.kind !== 'keyless') return [];
  return authority.identities.map(inWords);
}

function inWords({ issuer, rules }: Identity): string {
  return [
    ...(formatMatcher(issuer) === ISSUER ? [] : [formatMatcher(issuer)]),
    ...rules.map(({ name, matcher }) => `${name} ${formatMatcher(matcher)}`),
  ].join(' | ');
}

describe('by name', () => {
  test.each<[string, Partial<RawInputs>, readonly string[]]>([
    [
      'a repository, whose workflows lie below it',
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
      'owners, whose workflows lie below them',
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

  test('without a server, of the one that runs the job', async () =>
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

  test('by name where the runner tells no numbers', async () =>
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
  ])('also beside %j, which names nobody', async (inputs) =>
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

describe('by pattern', () => {
  const pattern = String.raw`https://github\.com/acme/.*`;
  const issuers = String.raw`https://token\.actions\.githubusercontent\.com(/.*)?`;

  test.each<[string, Partial<RawInputs>, readonly string[]]>([
    [
      'of the default issuer',
      { 'certificate-identity-regexp': pattern },
      [`certificate-identity a match of ${pattern}`],
    ],
    [
      'of an issuer by pattern',
      { 'certificate-identity-regexp': pattern, 'certificate-oidc-issuer-regexp': issuers },
      [`a match of ${issuers} | certificate-identity a match of ${pattern}`],
    ],
    [
      'an exact identity of an issuer by pattern',
      { 'certificate-identity': 'a@b.example', 'certificate-oidc-issuer-regexp': issuers },
      [`a match of ${issuers} | certificate-identity a@b.example`],
    ],
    [
      'a repository whose enterprise has an issuer of its own',
      { repository: 'acme/app', 'certificate-oidc-issuer-regexp': issuers },
      [
        `a match of ${issuers} | repository ${GITHUB}/acme/app | signer-workflow ${GITHUB}/acme/app/*`,
      ],
    ],
    [
      'several of several issuers, in pairs',
      {
        'certificate-identity-regexp': `${pattern}\n[^@]+@acme\\.com`,
        'certificate-oidc-issuer': `${ISSUER}\nhttps://accounts.google.com`,
      },
      [
        `certificate-identity a match of ${pattern}`,
        'https://accounts.google.com | certificate-identity a match of [^@]+@acme\\.com',
      ],
    ],
  ])('%s', async (_, inputs, identities) => {
    const request = await parse({ ...VERIFY, ...inputs });
    const authorities = request.mode === 'verify' ? requirementsIn(request)[0].anyOf : [];
    const found = authorities.flatMap((each) => (each.kind === 'keyless' ? each.identities : []));
    expect(found.map(inWords)).toEqual(identities);
  });

  test('runs for pull requests are refused where the issuer is GitHub, and only there', async () => {
    const request = await parse({
      ...VERIFY,
      'certificate-identity-regexp': `${pattern}\n[^@]+@acme\\.com`,
      'certificate-oidc-issuer': `${ISSUER}\nhttps://accounts.google.com`,
    });
    expect(request).toMatchObject({
      policies: [
        {
          alternatives: [
            {
              requirements: [
                { anyOf: [{ circumstances: [{ name: 'event' }] }, { circumstances: [] }] },
              ],
            },
          ],
        },
      ],
    });
  });
});

test('issuers of names are any of them', async () => {
  const issuers = 'https://a.example\nhttps://b.example';
  expect(await identitiesOf({ owner: 'acme', 'certificate-oidc-issuer': issuers })).toEqual([
    `https://a.example or https://b.example | owner ${GITHUB}/acme | signer-workflow ${GITHUB}/acme/*`,
  ]);
});

describe('refused', () => {
  const file = `${GITHUB}/acme/app/.github/workflows/a.yml`;

  test.each<[Partial<RawInputs>, string, string]>([
    [{ repository: ',' }, '"repository": it has no value', 'write a value'],
    [
      { repository: 'acme/app', owner: 'octocat' },
      'both must match, and only one of them names https://github.com/acme and https://github.com/octocat',
      'remove "owner"',
    ],
    [
      { repository: 'acme/app', owner: 'acme\noctocat' },
      'only one of them names https://github.com/octocat',
      'remove "owner"',
    ],
    [
      { repository: 'https://acme.ghe.com/acme/app', 'signer-workflow': WORKFLOW },
      'only one of them is on https://acme.ghe.com and https://github.com',
      'write both with the server',
    ],
    [
      { 'certificate-identity': `${file}@refs/heads/main, ${file}@refs/heads/next` },
      'is not one identity',
      'one identity per line',
    ],
    [
      { 'certificate-identity': `${file}@refs/heads/main,${file}@refs/heads/next` },
      'is not one identity',
      'one identity per line',
    ],
    [{ 'certificate-identity': 'a@b.example,c@d.example' }, 'is not one identity', 'per line'],
    [
      { 'certificate-identity': `^${file}@refs/heads/main` },
      'is a pattern, but identities are compared literally',
      'write the full identity, or use "repository" or "owner"',
    ],
    [{ 'certificate-identity': `${file}@refs/tags/v*` }, 'is a pattern', '"source-ref"'],
    [{ 'certificate-identity': `${GITHUB}/acme/.+` }, 'is a pattern', '"source-ref"'],
    [{ 'certificate-identity': file }, 'has no ref', `write "${file}@refs/heads/main"`],
    [
      { 'certificate-identity': `${file}@v1` },
      '"v1" is neither a ref nor a full commit',
      '"@refs/tags/v1" for a tag',
    ],
    [
      {
        'certificate-identity': 'a@b.example\nc@d.example\ne@f.example',
        'certificate-oidc-issuer': 'https://a.example\nhttps://b.example',
      },
      'Cannot pair 3 values of "certificate-identity" with 2 of "certificate-oidc-issuer"',
      'one issuer per identity, in the same order, or a single issuer for all',
    ],
    [
      { 'certificate-identity-regexp': 'https://github.com/acme.*' },
      'Cannot use "certificate-identity-regexp": the pattern "https://github.com/acme.*" would also accept "https://github.com/acme-mallory/app/.github/workflows/x.yml@refs/heads/main"',
      'spell out the host and the owner',
    ],
    [
      { 'certificate-oidc-issuer-regexp': '.*' },
      'Cannot use "certificate-oidc-issuer-regexp": the pattern ".*" would also accept "https://mallory.example"',
      'spell out the host',
    ],
    [
      { 'certificate-identity': 'a@b.example', 'certificate-identity-regexp': '[^@]+@b.example' },
      'Cannot combine "certificate-identity" with "certificate-identity-regexp"',
      'remove one of them',
    ],
    [
      { owner: 'acme', 'certificate-identity-regexp': '[^@]+@b.example' },
      'Cannot combine "certificate-identity-regexp" with "owner"',
      'use "owner" for GitHub workflows',
    ],
    [
      { 'certificate-oidc-issuer': 'https://*.example' },
      '"https://*.example" is not a URL',
      'write the issuer exactly as in the certificate',
    ],
  ])('%j', async (inputs, message, remedy) =>
    expect(await problemsOf({ ...VERIFY, ...inputs })).toEqual([
      expect.objectContaining({
        message: expect.stringContaining(message),
        remedy: expect.stringContaining(remedy),
      }),
    ]),
  );
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
])('with %j the attestations of %s are asked for', async (inputs, attestationsOf) =>
  expect(await parse({ ...VERIFY, ...inputs })).toMatchObject({ attestationsOf }),
);
