// The decision table of alternatives, static decisions and modes, for every combination of evidence.
import { describe, expect, test } from '@jest/globals';

import { KEYLESS, policyOf, SUBJECT, UNREAD, verifiedBundle } from '../../lab/bundles/evidence.ts';
import { isNonEmpty } from '../../src/model/non-empty.ts';
import type { Alternative, Policy } from '../../src/model/policy.ts';
import { PROVENANCE_TYPE, SIGNATURE_TYPES } from '../../src/model/types.ts';
import type { Checked, Verdict } from '../../src/model/verdict.ts';
import { evaluate } from '../../src/policy/evaluate.ts';

const FOUND = {
  signature: { verified: verifiedBundle() },
  provenance: { verified: verifiedBundle({ predicateType: PROVENANCE_TYPE }) },
  sbom: { verified: verifiedBundle({ predicateType: 'https://spdx.dev/Document' }) },
} as const satisfies Readonly<Record<string, Checked>>;

type Type = keyof typeof FOUND;

const TYPES: Readonly<Record<Type, typeof SIGNATURE_TYPES>> = {
  signature: SIGNATURE_TYPES,
  provenance: [PROVENANCE_TYPE],
  sbom: ['https://spdx.dev/Document'],
};
const ALL: readonly Type[] = ['signature', 'provenance', 'sbom'];
/** Every set of things that can be found. */
const SETS = ALL.reduce<readonly (readonly Type[])[]>(
  (sets, type) => [...sets, ...sets.map((set) => [...set, type])],
  [[]],
);

type Row = readonly Type[] | 'pass' | 'fail';

/** `[['signature'], 'fail']`: an alternative that needs a signature, and one that denies. */
function policy(rows: readonly Row[], mode: Policy['mode'] = 'enforce'): Policy {
  const alternatives = rows.map((row, index): Alternative => {
    const name = `authority-${index}`;
    if (typeof row === 'string') return { kind: 'static', name, action: row, message: 'by rule' };
    const requirements = row.map((type) => ({
      name: type,
      predicateTypes: TYPES[type],
      conditions: [],
      anyOf: [KEYLESS] as const,
    }));
    if (!isNonEmpty(requirements)) throw new TypeError('an alternative without requirements');
    return { kind: 'evidence', name, requirements };
  });
  if (!isNonEmpty(alternatives)) throw new TypeError('a policy without alternatives');
  return { ...policyOf(), name: rows.join(' or '), origin: 'policy.yaml:1', mode, alternatives };
}

function judge(policies: readonly Policy[], found: readonly Type[], fails = false): Verdict {
  if (!isNonEmpty(policies)) throw new TypeError('no policy');
  return evaluate(policies, SUBJECT, {
    checked: found.map((type) => FOUND[type]),
    looked: [],
    failures: fails ? [UNREAD] : [],
  });
}

/** The expected result, computed in another way than in the product. */
const isMet = (rows: readonly Row[], found: readonly Type[]): boolean =>
  rows.some((row) =>
    typeof row === 'string' ? row === 'pass' : row.every((type) => found.includes(type)),
  );

const TABLE: readonly (readonly Row[])[] = [
  [['signature']],
  [['signature', 'provenance']],
  [['signature', 'provenance', 'sbom']],
  [['signature'], ['provenance']],
  [['signature', 'sbom'], ['provenance']],
  [['signature'], 'fail'],
  ['fail', ['provenance', 'sbom']],
];

describe('one policy', () => {
  test.each(TABLE.map((rows) => [rows.join(' or '), rows] as const))(
    'has the verdict of the table: %s',
    (_, rows) => {
      for (const found of SETS) {
        const otherwise = found.length > 0 ? 'rejected' : 'unattested';
        const expected = isMet(rows, found) ? 'accepted' : otherwise;
        expect([found, judge([policy(rows)], found).outcome]).toEqual([found, expected]);
        const unread = isMet(rows, found) ? 'accepted' : 'inconclusive';
        expect([found, judge([policy(rows)], found, true).outcome]).toEqual([found, unread]);
      }
    },
  );
});

describe('two policies', () => {
  for (const one of TABLE)
    test.each(TABLE.map((rows) => [rows.join(' or '), rows] as const))(
      `accept an image only if both are met: ${one.join(' or ')} and %s`,
      (_, other) => {
        for (const found of SETS) {
          const both = isMet(one, found) && isMet(other, found);
          const { outcome } = judge([policy(one), policy(other)], found);
          expect([found, outcome === 'accepted']).toEqual([found, both]);
        }
      },
    );
});

describe('a static policy', () => {
  test('accepts with "pass" without evidence and reports the exemption', () =>
    expect(judge([policy(['pass'])], [])).toEqual({
      outcome: 'accepted',
      evidence: [],
      exemptions: [{ policy: 'pass', alternative: 'authority-0' }],
      rejections: [],
      unacceptable: [],
      ignored: [],
      looked: [],
    }));

  test('does not meet another policy with "pass"', () => {
    for (const found of SETS)
      expect(judge([policy(['pass']), policy([['signature']])], found).outcome === 'accepted').toBe(
        found.includes('signature'),
      );
  });

  test('rejects with "fail" whatever is found, even if a source cannot be read', () => {
    for (const found of SETS)
      for (const fails of [false, true])
        expect(judge([policy(['fail'])], found, fails)).toMatchObject({
          outcome: 'rejected',
          unmet: ['exception (by rule) for policy "fail"'],
        });
  });
});

describe('a policy in mode warn', () => {
  const strict = policy([['signature']]);
  const lenient = policy([['provenance']], 'warn');

  test('does not change the verdict of another policy and is reported as not met', () => {
    for (const found of SETS) {
      const verdict = judge([strict, lenient], found);
      expect(verdict.outcome === 'accepted').toBe(found.includes('signature'));
      expect(verdict.warnings).toEqual(
        found.includes('provenance') ? undefined : ['provenance for policy "provenance"'],
      );
    }
  });

  test('accepts no image that does not meet it', () => {
    for (const found of SETS)
      expect(judge([lenient], found).outcome === 'accepted').toBe(found.includes('provenance'));
    expect(judge([lenient, policy(['fail'], 'warn')], ['sbom']).outcome).toBe('rejected');
  });
});

test('reports the closest alternative', () =>
  expect(
    judge(
      [
        policy([
          ['signature', 'provenance', 'sbom'],
          ['signature', 'provenance'],
        ]),
      ],
      ['signature'],
    ),
  ).toMatchObject({
    unmet: ['provenance for policy "signature,provenance,sbom or signature,provenance"'],
  }));
