// Each rule compares its own fact of the certificate, and a missing fact never passes.
import { describe, expect, test } from '@jest/globals';

import { isKeyHolder, type SignerIdentity } from '../../src/model/identity.ts';
import { exactly, type Matcher } from '../../src/model/matcher.ts';
import type {
  Circumstance,
  CircumstanceName,
  Identity,
  IdentityRule,
  IdentityRuleName,
  KeylessAuthority,
} from '../../src/model/policy.ts';
import { findingsFor } from '../../src/policy/rules.ts';
import { ISSUER, ROOTS, SAN, verifiedBundle } from '../../lab/bundles/evidence.ts';

const { signer: found } = verifiedBundle();
if (isKeyHolder(found)) throw new TypeError('not a certificate');
const signer: SignerIdentity = {
  ...found,
  claims: {
    ...found.claims,
    sourceRepositoryIdentifier: '1000001',
    sourceRepositoryOwnerIdentifier: '2000002',
    buildSignerDigest: '7c9e2b4d601f0d0a3c5b7e9d2f4a6c8e0b1d3f5a',
    runnerEnvironment: 'github-hosted',
    deploymentEnvironment: 'production',
  },
};

function required(name: IdentityRuleName, matcher: Matcher, issuer = ISSUER): KeylessAuthority {
  return anyOf([[{ name, matcher }, issuer]]);
}

function anyOf(
  [first, ...others]: readonly [
    readonly [IdentityRule, string],
    ...(readonly [IdentityRule, string])[],
  ],
  circumstances: readonly Circumstance[] = [],
): KeylessAuthority {
  const identityOf = ([rule, issuer]: readonly [IdentityRule, string]): Identity => ({
    issuer: exactly(issuer),
    rules: [rule],
  });
  return {
    kind: 'keyless',
    identities: [identityOf(first), ...others.map(identityOf)],
    circumstances,
    roots: ROOTS,
  };
}

const facts: readonly (readonly [IdentityRuleName, string])[] = [
  ['repository', 'https://github.com/acme/app'],
  ['repository-id', '1000001'],
  ['owner', 'https://github.com/acme'],
  ['owner-id', '2000002'],
  ['signer-workflow', SAN],
  ['certificate-identity', SAN],
];

describe.each(facts)('%s', (name, value) => {
  test('holds for its fact', () =>
    expect(findingsFor(signer, required(name, exactly(value)))).toEqual([]));

  test('says what it expected and found', () => {
    expect(findingsFor(signer, required(name, exactly('other')))).toEqual([
      { rule: name, expected: 'other', found: value },
    ]);
  });
});

const circumstances: readonly (readonly [CircumstanceName, string])[] = [
  ['source-ref', 'refs/heads/main'],
  ['source-digest', '1f0d0a3c5b7e9d2f4a6c8e0b1d3f5a7c9e2b4d60'],
  ['signer-digest', '7c9e2b4d601f0d0a3c5b7e9d2f4a6c8e0b1d3f5a'],
  ['event', 'push'],
  ['environment', 'production'],
  ['deny-self-hosted-runners', 'github-hosted'],
];

describe.each(circumstances)('%s', (name, value) => {
  const given = (matcher: Matcher): KeylessAuthority =>
    anyOf([[{ name: 'certificate-identity', matcher: exactly(SAN) }, ISSUER]], [{ name, matcher }]);

  test('holds for its fact', () => expect(findingsFor(signer, given(exactly(value)))).toEqual([]));

  test('says what it expected and found, although the identity is the right one', () => {
    expect(findingsFor(signer, given(exactly('other')))).toEqual([
      { rule: name, expected: 'other', found: value },
    ]);
  });

  test('is a finding when the certificate does not say it, even of a matcher that refuses little', () => {
    const silent: SignerIdentity = { ...signer, claims: {} };
    expect(findingsFor(silent, given({ kind: 'none-of', values: ['other'] }))).toEqual([
      { rule: name, expected: 'anything but other', found: 'not in the certificate' },
    ]);
  });

  test('does not let in another identity', () => {
    expect(
      findingsFor(
        signer,
        anyOf(
          [[{ name: 'certificate-identity', matcher: exactly('other') }, ISSUER]],
          [{ name, matcher: exactly(value) }],
        ),
      ),
    ).toEqual([{ rule: 'certificate-identity', expected: 'other', found: SAN }]);
  });
});

describe('of several identities', () => {
  const san = (value: string): IdentityRule => ({
    name: 'certificate-identity',
    matcher: exactly(value),
  });

  test('one is enough, whichever it is', () => {
    expect(
      findingsFor(
        signer,
        anyOf([
          [san(SAN), ISSUER],
          [san('x'), 'y'],
        ]),
      ),
    ).toEqual([]);
    expect(
      findingsFor(
        signer,
        anyOf([
          [san('x'), 'y'],
          [san(SAN), ISSUER],
        ]),
      ),
    ).toEqual([]);
  });

  test('none lends its issuer to another', () => {
    expect(
      findingsFor(
        signer,
        anyOf([
          [san(SAN), 'https://issuer.example'],
          [san('x'), ISSUER],
        ]),
      ),
    ).toEqual([{ rule: 'issuer', expected: 'https://issuer.example', found: ISSUER }]);
  });

  test('reports the closest identity, with every failed circumstance', () => {
    const far = [san('x'), 'https://issuer.example'] as const;
    const near = [san('y'), ISSUER] as const;
    const event: Circumstance = { name: 'event', matcher: exactly('schedule') };
    for (const identities of [[far, near] as const, [near, far] as const])
      expect(findingsFor(signer, anyOf([...identities], [event]))).toEqual([
        { rule: 'certificate-identity', expected: 'y', found: SAN },
        { rule: 'event', expected: 'schedule', found: 'push' },
      ]);
  });
});

test.each(['repository', 'repository-id', 'owner', 'owner-id'] as const)(
  '%s is a finding when the certificate does not say it, whatever the workflow is called',
  (name) => {
    const silent: SignerIdentity = { ...signer, claims: {} };
    for (const value of [
      'https://github.com/acme/app',
      'https://github.com/acme',
      '',
      'undefined',
      'not in the certificate',
    ]) {
      expect(findingsFor(silent, required(name, exactly(value)))).toEqual([
        { rule: name, expected: value, found: 'not in the certificate' },
      ]);
    }
  },
);

test('the repository is not read from the identity: a reusable workflow is another one', () => {
  const called = {
    ...signer,
    san: 'https://github.com/platform/workflows/.github/workflows/publish.yml@refs/tags/v1',
  };
  expect(
    findingsFor(called, required('repository', exactly('https://github.com/acme/app'))),
  ).toEqual([]);
  expect(
    findingsFor(called, required('repository', exactly('https://github.com/platform/workflows'))),
  ).toHaveLength(1);
});

test('the issuer is always a rule: an identity of another issuer is another identity', () => {
  const other = { ...signer, issuer: `${ISSUER}/acme` };
  expect(findingsFor(other, required('certificate-identity', exactly(SAN)))).toEqual([
    { rule: 'issuer', expected: ISSUER, found: `${ISSUER}/acme` },
  ]);
  expect(
    findingsFor({ ...signer, issuer: '' }, required('certificate-identity', exactly(SAN))),
  ).toHaveLength(1);
});

test('all rules must hold, and all findings are told', () => {
  const rules = [
    { name: 'owner', matcher: exactly('x') },
    { name: 'repository', matcher: exactly('https://github.com/acme/app') },
    { name: 'signer-workflow', matcher: exactly('y') },
  ] as const;
  expect(
    findingsFor(signer, {
      identities: [{ issuer: exactly('https://issuer.example'), rules }],
      circumstances: [],
    }).map(({ rule }) => rule),
  ).toEqual(['issuer', 'owner', 'signer-workflow']);
});
