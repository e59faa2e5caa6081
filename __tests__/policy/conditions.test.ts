// What a requirement demands of the bundle itself: pairs that were signed, and an age.
import { describe, expect, test } from '@jest/globals';

import {
  KEYLESS,
  policyOf,
  SUBJECT,
  unwitnessedBundle,
  verifiedBundle,
} from '../../lab/bundles/evidence.ts';
import type { VerifiedBundle, WitnessedBundle } from '../../src/model/bundle.ts';
import type { Condition, Policy } from '../../src/model/policy.ts';
import { SIGNATURE_TYPES } from '../../src/model/types.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { findingsOnConditions } from '../../src/policy/conditions.ts';
import { evaluate } from '../../src/policy/evaluate.ts';

const PRODUCTION: Condition = { kind: 'annotation', key: 'env', value: 'prod' };
/** The bundles are from 2026-01-02T03:04:05Z. */
const since = (notBefore: string): Condition => ({
  kind: 'max-age',
  notBefore: new Date(notBefore),
  limit: '90d',
});

function annotated(annotations: Readonly<Record<string, string>>): WitnessedBundle {
  const bundle = verifiedBundle();
  return { ...bundle, statement: { ...bundle.statement, annotations } };
}

function judge(bundle: VerifiedBundle, conditions: readonly Condition[]): Verdict {
  const requirement = {
    name: 'signature',
    predicateTypes: SIGNATURE_TYPES,
    conditions,
    anyOf: [KEYLESS],
  } as const;
  const restricted: Policy = {
    ...policyOf(),
    alternatives: [{ kind: 'evidence', name: 'inputs', requirements: [requirement] }],
  };
  return evaluate([restricted], SUBJECT, {
    checked: [{ verified: bundle }],
    looked: [],
    failures: [],
  });
}

describe('required annotations', () => {
  test.each<[Readonly<Record<string, string>>, string | undefined]>([
    [{ env: 'prod' }, undefined],
    [{ run: '42', env: 'prod' }, undefined],
    [{ env: 'production' }, 'env=production'],
    [{ env: '' }, 'env='],
    [{ Env: 'prod' }, 'not in the signature'],
    [{}, 'not in the signature'],
  ])('are compared with %j in the signature', (annotations, found) =>
    expect(findingsOnConditions([PRODUCTION], annotated(annotations))).toEqual(
      found === undefined ? [] : [{ rule: 'annotations', expected: 'env=prod', found }],
    ),
  );

  test('do not include inherited properties of objects', () => {
    const condition: Condition = { kind: 'annotation', key: 'constructor', value: 'x' };
    expect(findingsOnConditions([condition], verifiedBundle())).toMatchObject([
      { found: 'not in the signature' },
    ]);
  });
});

describe('max-age', () => {
  test.each([
    ['2026-01-02T03:04:04Z', 0],
    ['2026-01-02T03:04:05Z', 0],
    ['2026-01-02T03:04:06Z', 1],
  ])('is compared for a signature at 03:04:05 with %s', (notBefore, count) =>
    expect(findingsOnConditions([since(notBefore)], verifiedBundle())).toHaveLength(count),
  );

  test('uses the earliest time', () => {
    const times = [
      { time: new Date('2026-06-01T00:00:00Z'), source: 'timestamp-authority' },
      { time: new Date('2026-01-01T00:00:00Z'), source: 'transparency-log' },
    ] as const;
    expect(
      findingsOnConditions([since('2026-03-01T00:00:00Z')], { ...verifiedBundle(), times }),
    ).toEqual([
      {
        rule: 'max-age',
        expected: 'at most 90d, signed at 2026-03-01T00:00:00.000Z or later',
        found: '2026-01-01T00:00:00.000Z',
      },
    ]);
  });

  test('rejects a signature without a verified time', () => {
    const bundle = unwitnessedBundle({ key: 'sha256:1', from: 'cosign.pub' });
    expect(findingsOnConditions([since('1970-01-01T00:00:00Z')], bundle)).toMatchObject([
      { found: 'no verified time' },
    ]);
  });
});

test.each([
  ['legacy', 'legacy', undefined],
  ['legacy', 'registry', 'bundle, in the registry'],
  ['legacy', 'github', 'github'],
  ['bundle', 'registry', undefined],
  ['bundle', 'legacy', 'legacy, a tag of cosign v2'],
  ['bundle', 'github', 'github'],
] as const)('compares format %s with %s', (format, source, found) =>
  expect(findingsOnConditions([{ kind: 'format', format }], verifiedBundle({ source }))).toEqual(
    found === undefined ? [] : [expect.objectContaining({ rule: 'signatureFormat', found })],
  ),
);

test('rejects with a failed condition what an authority accepts', () => {
  expect(
    judge(annotated({ env: 'prod' }), [PRODUCTION, since('2026-01-01T00:00:00Z')]),
  ).toMatchObject({ outcome: 'accepted' });
  expect(judge(verifiedBundle(), [PRODUCTION, since('2026-03-01T00:00:00Z')])).toMatchObject({
    outcome: 'rejected',
    unacceptable: [{ findings: [{ rule: 'annotations' }, { rule: 'max-age' }] }],
  });
});

test('accepts with a met condition nothing that no authority accepts', () => {
  const bundle = { ...annotated({ env: 'prod' }), roots: ['another'] as const };
  expect(judge(bundle, [PRODUCTION])).toMatchObject({
    outcome: 'rejected',
    unacceptable: [{ findings: [{ rule: 'trusted-root' }] }],
  });
});
