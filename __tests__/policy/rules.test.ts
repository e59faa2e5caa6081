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

describe.each(facts)('the rule %s', (name, value) => {
  test('accepts its fact', () =>
    expect(findingsFor(signer, required(name, exactly(value)))).toEqual([]));

  test('reports what it expected and found', () => {
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

describe.each(circumstances)('the circumstance %s', (name, value) => {
  const given = (matcher: Matcher): KeylessAuthority =>
    anyOf([[{ name: 'certificate-identity', matcher: exactly(SAN) }, ISSUER]], [{ name, matcher }]);

  test('accepts its fact', () => expect(findingsFor(signer, given(exactly(value)))).toEqual([]));

  test('reports what it expected and found, even if the identity matches', () => {
    expect(findingsFor(signer, given(exactly('other')))).toEqual([
      { rule: name, expected: 'other', found: value },
    ]);
  });

  test('rejects a certificate without the fact, even with a matcher that excludes only some values', () => {
    const silent: SignerIdentity = { ...signer, claims: {} };
    expect(findingsFor(silent, given({ kind: 'none-of', values: ['other'] }))).toEqual([
      { rule: name, expected: 'anything but other', found: 'not in the certificate' },
    ]);
  });

  test('does not accept another identity', () => {
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

describe('several identities', () => {
  const san = (value: string): IdentityRule => ({
    name: 'certificate-identity',
    matcher: exactly(value),
  });

  test('accept a signer that matches any one', () => {
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

  test('accept no issuer of another identity', () => {
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

  test('report the closest identity, with every failed circumstance', () => {
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
  'rejects a certificate without %s, whatever the workflow is called',
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

test('does not read the repository from the identity, which can be a reusable workflow', () => {
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

test('always requires the issuer: the same identity of another issuer is rejected', () => {
  const other = { ...signer, issuer: `${ISSUER}/acme` };
  expect(findingsFor(other, required('certificate-identity', exactly(SAN)))).toEqual([
    { rule: 'issuer', expected: ISSUER, found: `${ISSUER}/acme` },
  ]);
  expect(
    findingsFor({ ...signer, issuer: '' }, required('certificate-identity', exactly(SAN))),
  ).toHaveLength(1);
});

test('requires all rules and reports all findings', () => {
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
