// An authority accepts only what it requires, regardless of what other authorities accept.
import { describe, expect, test } from '@jest/globals';

import type { VerifiedBundle } from '../../src/model/bundle.ts';
import { exactly } from '../../src/model/matcher.ts';
import type { Authority, KeyAuthority, KeylessAuthority } from '../../src/model/policy.ts';
import { opinionOf } from '../../src/policy/authority.ts';
import {
  KEYLESS,
  REPOSITORY,
  ROOTS,
  SAN,
  unwitnessedBundle,
  verifiedBundle,
} from '../../lab/bundles/evidence.ts';

const OWN = { key: `sha256:${'ab'.repeat(32)}`, from: 'cosign.pub' };
const OTHER = { key: `sha256:${'cd'.repeat(32)}`, from: 'other.pub' };

const keyed: KeyAuthority = { kind: 'key', keys: [OTHER, OWN], witness: 'required', roots: ROOTS };
const careless: KeyAuthority = {
  kind: 'key',
  keys: [OWN],
  witness: 'insecure-ignored',
  roots: ROOTS,
};

const certified = verifiedBundle();
const byKey = verifiedBundle({ key: OWN });
const unseen = unwitnessedBundle(OWN);

function findingsOf(authority: Authority, bundle: VerifiedBundle): unknown {
  const opinion = opinionOf(authority, bundle);
  return 'findings' in opinion ? opinion.findings : 'accepted';
}

test.each<[string, Authority, VerifiedBundle]>([
  ['a certificate, by a keyless authority', KEYLESS, certified],
  ['a signature of one of its keys, by a key authority', keyed, byKey],
  ['a logged signature, by one that ignores witnesses', careless, byKey],
  ['a signature without a log entry or timestamp, by one that ignores witnesses', careless, unseen],
])('accepts, with evidence: %s', (_, authority, bundle) => {
  const opinion = opinionOf(authority, bundle);
  expect('acceptance' in opinion && opinion.acceptance).toEqual({ authority, bundle });
});

describe('an authority', () => {
  const signedWithKey = { rule: 'certificate', found: `signed with the key ${OWN.key}` };

  test.each<[string, Authority, VerifiedBundle, object]>([
    ['a key when it requires a certificate', KEYLESS, byKey, signedWithKey],
    ['an unlogged key when it requires a certificate', KEYLESS, unseen, signedWithKey],
    [
      'a certificate when it requires a key',
      keyed,
      certified,
      { rule: 'key', expected: 'a signature made with the key', found: SAN },
    ],
    ['a certificate when it ignores witnesses', careless, certified, { rule: 'key', found: SAN }],
    [
      'a key that another authority trusts',
      careless,
      verifiedBundle({ key: OTHER }),
      { rule: 'key', expected: OWN.key, found: OTHER.key },
    ],
    [
      'an unlogged signature of a key that another authority trusts',
      careless,
      unwitnessedBundle(OTHER),
      { rule: 'key', expected: OWN.key, found: OTHER.key },
    ],
    [
      'a signature without a log entry or timestamp when it requires one',
      keyed,
      unseen,
      unseen.unwitnessed.finding,
    ],
  ])('rejects %s', (_, authority, bundle, finding) =>
    expect(findingsOf(authority, bundle)).toMatchObject([finding]),
  );
});

describe('the trusted roots of another authority', () => {
  const elsewhere = { kind: 'file', path: '/roots/private.json' } as const;
  const finding = { rule: 'trusted-root', expected: '/roots/private.json', found: 'TUF' };

  test.each<[string, Authority, VerifiedBundle]>([
    ['certificate', { ...KEYLESS, roots: elsewhere }, certified],
    ['key', { ...keyed, roots: elsewhere }, byKey],
  ])('do not make an authority accept a %s', (_, authority, bundle) =>
    expect(findingsOf(authority, bundle)).toEqual([finding]),
  );

  test.each<[string, Authority, object]>([
    ['certificate', { ...KEYLESS, roots: elsewhere }, {}],
    ['key', { ...keyed, roots: elsewhere }, { key: OWN }],
  ])('do not make an authority reject a %s that its own roots confirm', (_, authority, facts) => {
    const bundle = verifiedBundle({ ...facts, roots: ['TUF', elsewhere.path] });
    expect(findingsOf(authority, bundle)).toBe('accepted');
  });
});

test('reports all findings: roots, identity and circumstances', () => {
  const authority: KeylessAuthority = {
    kind: 'keyless',
    identities: [
      {
        issuer: exactly('https://issuer.example'),
        rules: [{ name: 'repository', matcher: exactly(REPOSITORY) }],
      },
    ],
    circumstances: [{ name: 'event', matcher: exactly('schedule') }],
    roots: { kind: 'file', path: '/root.json' },
  };
  expect(findingsOf(authority, certified)).toMatchObject([
    { rule: 'trusted-root' },
    { rule: 'issuer' },
    { rule: 'event', expected: 'schedule', found: 'push' },
  ]);
});
