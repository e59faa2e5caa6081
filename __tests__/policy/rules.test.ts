// Each rule reads its own fact of the certificate, and a fact that is missing never passes.
import { describe, expect, test } from '@jest/globals';

import { isKeyHolder, type SignerIdentity } from '../../src/model/identity.ts';
import { exactly, type Matcher } from '../../src/model/matcher.ts';
import type { IdentityRuleName, Requirements } from '../../src/model/request.ts';
import { findingsFor } from '../../src/policy/rules.ts';
import { ISSUER, SAN, verifiedBundle } from './evidence.ts';

const { signer: found } = verifiedBundle();
if (isKeyHolder(found)) throw new TypeError('not a certificate');
const signer: SignerIdentity = found;
const require: Requirements['require'] = [{ name: 'signature', predicateTypes: ['x'] }];

function required(name: IdentityRuleName, matcher: Matcher, issuer = ISSUER): Requirements {
  return {
    require,
    signer: { kind: 'identity', issuer: exactly(issuer), identity: [{ name, matcher }] },
  };
}

const facts: readonly (readonly [IdentityRuleName, string])[] = [
  ['repository', 'https://github.com/acme/app'],
  ['owner', 'https://github.com/acme'],
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

test.each(['repository', 'owner'] as const)(
  '%s is a finding when the certificate does not say it, whatever the workflow is called',
  (name) => {
    const silent: SignerIdentity = { ...signer, claims: {} };
    for (const value of [
      'https://github.com/acme/app',
      'https://github.com/acme',
      '',
      'undefined',
      'nothing in the certificate',
    ]) {
      expect(findingsFor(silent, required(name, exactly(value)))).toEqual([
        { rule: name, expected: value, found: 'nothing in the certificate' },
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
  const identity = [
    { name: 'owner', matcher: exactly('x') },
    { name: 'repository', matcher: exactly('https://github.com/acme/app') },
    { name: 'signer-workflow', matcher: exactly('y') },
  ] as const;
  expect(
    findingsFor(signer, {
      signer: { kind: 'identity', issuer: exactly('https://issuer.example'), identity },
    }).map(({ rule }) => rule),
  ).toEqual(['issuer', 'owner', 'signer-workflow']);
});

describe('a key', () => {
  const holder = { key: `sha256:${'ab'.repeat(32)}`, from: 'cosign.pub' };
  const byKey: Requirements = {
    require,
    signer: { kind: 'key', keys: [{ kind: 'file', path: 'cosign.pub' }], witness: 'required' },
  };

  test('is enough where a key is required', () => expect(findingsFor(holder, byKey)).toEqual([]));

  test('and a certificate are no match for each other', () => {
    expect(findingsFor(signer, byKey)).toEqual([
      { rule: 'key', expected: 'signed with the key', found: SAN },
    ]);
    expect(
      findingsFor(holder, required('repository', exactly('https://github.com/acme/app'))),
    ).toEqual([
      {
        rule: 'certificate',
        expected: 'signed with a certificate',
        found: `signed with the key ${holder.key}`,
      },
    ]);
  });
});
