// What policies need before they can be evaluated, and which checks they leave out.
import { describe, expect, test } from '@jest/globals';

import type { NonEmpty } from '../../src/model/non-empty.ts';
import type { Authority, KeyLocation, Policy, Roots } from '../../src/model/policy.ts';
import { insecureIn, needsOf, withKeys } from '../../src/policy/authorities.ts';
import { KEYLESS, policyOf, ROOTS } from '../../lab/bundles/evidence.ts';

const PRIVATE: Roots = { kind: 'file', path: '/root.json' };
const own: NonEmpty<KeyLocation> = [{ kind: 'file', path: '/cosign.pub' }];
const vendor: NonEmpty<KeyLocation> = [{ kind: 'pem', text: 'PEM' }];

const keyed = { kind: 'key', keys: own, witness: 'required', roots: PRIVATE } as const;
const careless = {
  kind: 'key',
  keys: vendor,
  witness: 'insecure-ignored',
  roots: PRIVATE,
} as const;

function written(...anyOf: NonEmpty<Authority<KeyLocation>>): Policy<KeyLocation> {
  return {
    ...policyOf(),
    alternatives: [
      {
        kind: 'evidence',
        name: 'inputs',
        requirements: [
          { name: 'signature', predicateTypes: ['a'], conditions: [], anyOf },
          { name: 'provenance', predicateTypes: ['b'], conditions: [], anyOf },
        ],
      },
    ],
  };
}

describe('what policies need', () => {
  test('is only the roots for certificates', () =>
    expect(needsOf([written(KEYLESS)])).toEqual({
      certificates: [ROOTS],
      witnesses: [],
      unasked: [],
      keys: [],
    }));

  test('is only the key for a key without a log entry or timestamp', () =>
    expect(needsOf([written(careless)])).toEqual({
      certificates: [],
      witnesses: [],
      unasked: [PRIVATE],
      keys: [vendor],
    }));

  test('is the union for several authorities, without duplicates', () => {
    const again = written(keyed, { ...KEYLESS, roots: { ...PRIVATE } });
    expect(needsOf([written(KEYLESS, keyed, careless), again])).toEqual({
      certificates: [ROOTS, PRIVATE],
      witnesses: [PRIVATE],
      unasked: [PRIVATE],
      keys: [own, vendor],
    });
  });
});

test('gives each authority only the keys that it names', () => {
  const holderOf = (places: NonEmpty<KeyLocation>): string => (places === own ? 'own' : 'vendor');
  const [policy] = withKeys([written(keyed, KEYLESS, careless)], (places) => [
    { key: holderOf(places), from: 'here' },
  ]);
  const anyOf = [
    { ...keyed, keys: [{ key: 'own', from: 'here' }] },
    KEYLESS,
    { ...careless, keys: [{ key: 'vendor', from: 'here' }] },
  ];
  expect(policy.alternatives).toMatchObject([{ requirements: [{ anyOf }, { anyOf }] }]);
});

test('reports once that no log entry or timestamp is required', () => {
  expect(insecureIn([written(KEYLESS), written(keyed, careless)])).toEqual([
    expect.stringMatching(/^insecure-ignore-tlog: /),
  ]);
  expect(insecureIn([written(KEYLESS, keyed)])).toEqual([]);
});
