// What policies need to know before they can be evaluated, and what they leave out.
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

describe('needed is', () => {
  test('for certificates alone, their roots', () =>
    expect(needsOf([written(KEYLESS)])).toEqual({
      certificates: [ROOTS],
      witnesses: [],
      unasked: [],
      keys: [],
    }));

  test('for a key that need not be witnessed, the key alone', () =>
    expect(needsOf([written(careless)])).toEqual({
      certificates: [],
      witnesses: [],
      unasked: [PRIVATE],
      keys: [vendor],
    }));

  test('for several authorities the union, each thing once', () => {
    const again = written(keyed, { ...KEYLESS, roots: { ...PRIVATE } });
    expect(needsOf([written(KEYLESS, keyed, careless), again])).toEqual({
      certificates: [ROOTS, PRIVATE],
      witnesses: [PRIVATE],
      unasked: [PRIVATE],
      keys: [own, vendor],
    });
  });
});

test('each authority gets the keys of its own places', () => {
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

test('that no witness is asked for is told once, wherever it is written', () => {
  expect(insecureIn([written(KEYLESS), written(keyed, careless)])).toEqual([
    expect.stringMatching(/^insecure-ignore-tlog: /),
  ]);
  expect(insecureIn([written(KEYLESS, keyed)])).toEqual([]);
});
