// What the gate's inputs demand of a signer.
import { describe, expect, test } from '@jest/globals';

import type { RawInputs } from '../../src/action/inputs.ts';
import type { Environment } from '../../src/action/environment.ts';
import { actionErrorsOf } from '../../src/errors.ts';
import type { RequiredSigner, VerifyRequest } from '../../src/model/request.ts';
import { parse, VERIFY } from './given.ts';

const WORKFLOW = 'acme/app/.github/workflows/release.yml';

function requirementsOf(
  changes: Partial<RawInputs>,
  environment: Partial<Environment> = {},
): Partial<VerifyRequest['requirements']> {
  const request = parse({ ...VERIFY, ...changes }, environment);
  return request.mode === 'verify' ? request.requirements : {};
}

function remediesOf(inputs: Partial<RawInputs>): string {
  try {
    requirementsOf(inputs);
    return '';
  } catch (error) {
    return actionErrorsOf(error)
      .map(({ remedy }) => remedy)
      .join('\n');
  }
}

function identityOf(
  changes: Partial<RawInputs>,
  environment: Partial<Environment> = {},
): Partial<Extract<RequiredSigner, { kind: 'identity' }>> {
  const { signer } = requirementsOf(changes, environment);
  return signer?.kind === 'identity' ? signer : {};
}

describe('identity', () => {
  test.each<[Partial<RawInputs>, string, object]>([
    [
      { repository: 'acme/db' },
      'repository',
      { kind: 'exact', values: ['https://github.com/acme/db'] },
    ],
    [
      { repository: 'jane_acme/a.b_c-d' },
      'repository',
      { kind: 'exact', values: ['https://github.com/jane_acme/a.b_c-d'] },
    ],
    [{ owner: 'acme' }, 'owner', { kind: 'exact', values: ['https://github.com/acme'] }],
    [
      { 'certificate-identity': 'a@b.example\n https://x ' },
      'certificate-identity',
      { kind: 'exact', values: ['a@b.example', 'https://x'] },
    ],
  ])('%j', (inputs, name, matcher) =>
    expect(identityOf(inputs).identity).toEqual([{ name, matcher }]),
  );

  test.each([
    ['at any ref', WORKFLOW, { kind: 'any-ref', url: `https://github.com/${WORKFLOW}` }],
    [
      'at one',
      `${WORKFLOW}@refs/tags/@acme/app@1.0.0`,
      { kind: 'exact', values: [`https://github.com/${WORKFLOW}@refs/tags/@acme/app@1.0.0`] },
    ],
  ])('a workflow %s may be called by its own repository and this one', (_, workflow, matcher) => {
    const own = `https://github.com/${WORKFLOW.split('/').slice(0, 2).join('/')}`;
    expect(
      identityOf({ 'signer-workflow': workflow }, { repository: 'acme/deploy' }).identity,
    ).toEqual([
      { name: 'signer-workflow', matcher },
      {
        name: 'repository',
        matcher: { kind: 'exact', values: [own, 'https://github.com/acme/deploy'] },
      },
    ]);
  });

  test('every part that is given must hold', () => {
    expect(
      identityOf({
        repository: 'acme/app',
        owner: 'acme',
        'signer-workflow': WORKFLOW,
      }).identity?.map(({ name }) => name),
    ).toEqual(['repository', 'owner', 'signer-workflow']);
  });

  test('this repository is required only when nothing else is', () => {
    expect(identityOf({}).identity).toEqual([
      { name: 'repository', matcher: { kind: 'exact', values: ['https://github.com/acme/app'] } },
    ]);
    expect(identityOf({ owner: 'acme' }).identity).toHaveLength(1);
  });

  test('is that of the server that runs the job', () => {
    expect(
      identityOf({ owner: 'acme' }, { serverUrl: 'https://acme.ghe.com' }).identity,
    ).toMatchObject([{ matcher: { values: ['https://acme.ghe.com/acme'] } }]);
  });
});

test('issuers are exact, any of them', () => {
  expect(
    identityOf({ 'certificate-oidc-issuer': 'https://a.example\nhttps://b.example' }).issuer,
  ).toEqual({ kind: 'exact', values: ['https://a.example', 'https://b.example'] });
});

test('required types are all required, by name or URI', () => {
  expect(
    requirementsOf({ require: 'signature, provenance\nhttps://spdx.dev/Document' }).require,
  ).toEqual([
    {
      name: 'signature',
      predicateTypes: [
        'https://sigstore.dev/cosign/sign/v1',
        'application/vnd.dev.cosign.simplesigning.v1+json',
      ],
    },
    {
      name: 'provenance',
      predicateTypes: ['https://slsa.dev/provenance/v1', 'https://slsa.dev/provenance/v0.2'],
    },
    { name: 'https://spdx.dev/Document', predicateTypes: ['https://spdx.dev/Document'] },
  ]);
});

test.each<[Partial<RawInputs>, readonly string[]]>([
  [{}, ['acme/app']],
  [{ owner: 'octocat' }, ['octocat']],
  [{ repository: 'octocat/db', owner: 'octocat' }, ['octocat/db']],
  [{ 'certificate-identity': 'x' }, ['acme/app']],
  [{ 'signer-workflow': 'octocat/ci/.github/workflows/build.yml' }, ['acme/app', 'octocat/ci']],
  [{ 'signer-workflow': 'octocat/ci/.github/workflows/build.yml', owner: 'octocat' }, ['octocat']],
])('with %j the attestations of %s are asked for', (inputs, attestationsOf) =>
  expect(parse({ ...VERIFY, ...inputs })).toMatchObject({ attestationsOf }),
);

describe('key', () => {
  const PEM = '-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----';
  const keysOf = (key: string, changes: Partial<RawInputs> = {}): RequiredSigner | undefined =>
    requirementsOf({ key, ...changes }, { workspace: '/workspace' }).signer;

  test('takes PEM text, paths and https URLs, as many as there are', () => {
    expect(
      keysOf(`${PEM}\ncosign.pub, keys/old.pub\n${PEM}\nhttps://acme.example/cosign.pub`),
    ).toEqual({
      kind: 'key',
      witness: 'required',
      keys: [
        { kind: 'pem', text: PEM },
        { kind: 'pem', text: PEM },
        { kind: 'file', path: '/workspace/cosign.pub' },
        { kind: 'file', path: '/workspace/keys/old.pub' },
        { kind: 'url', url: new URL('https://acme.example/cosign.pub') },
      ],
    });
  });

  test('takes what began as PEM for text, whole or not, and prints none of it as a path', () => {
    const cut = '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49';
    expect(keysOf(`${PEM}\n${cut}`)).toMatchObject({
      keys: [
        { kind: 'pem', text: PEM },
        { kind: 'pem', text: expect.stringContaining(cut) },
      ],
    });
  });

  test('asks for no witness only when that is written', () =>
    expect(keysOf('cosign.pub', { 'insecure-ignore-tlog': 'true' })).toMatchObject({
      witness: 'insecure-ignored',
    }));

  test.each<[Partial<RawInputs>, RegExp, RegExp]>([
    [
      { key: 'cosign.pub', repository: 'acme/app', owner: 'acme' },
      /"key" beside "repository" and "owner"/,
      /keep "key" for .*; keep "repository" and "owner" for/,
    ],
    [
      { key: 'cosign.pub', 'certificate-oidc-issuer': 'https://issuer.example' },
      /"key" beside "certificate-oidc-issuer"/,
      /keep/,
    ],
    [
      { key: 'http://acme.example/cosign.pub' },
      /"http:\/\/acme.example\/cosign.pub" is not an https URL/,
      /https URL/,
    ],
    [
      { key: 'https://octocat:secret@acme.example/cosign.pub' },
      /^Cannot use "key": the URL at "acme.example" has a login in it$/,
      /without a login/,
    ],
    [{ key: 'awskms://alias/x' }, /"awskms:\/\/alias\/x" is not an https URL/, /path/],
    [
      { key: 'cosign.pub', 'insecure-ignore-tlog': 'yes' },
      /"yes" is neither true nor false/,
      /"true" or "false"/,
    ],
    [{ 'insecure-ignore-tlog': 'true' }, /"insecure-ignore-tlog" without "key"/, /remove/],
  ])('%j is refused', (inputs, message, remedy) => {
    expect(() => requirementsOf(inputs)).toThrow(message);
    expect(remediesOf(inputs)).toMatch(remedy);
  });
});
