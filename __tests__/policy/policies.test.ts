// Policies with several authorities, requirements and images: the combinations that make an image accepted.
import { describe, expect, test } from '@jest/globals';

import { exactly } from '../../src/model/matcher.ts';
import type { NonEmpty } from '../../src/model/non-empty.ts';
import type { Authority, KeyAuthority, Policy } from '../../src/model/policy.ts';
import { PROVENANCE_TYPE } from '../../src/model/types.ts';
import type { Checked, Verdict } from '../../src/model/verdict.ts';
import { evaluate } from '../../src/policy/evaluate.ts';
import {
  KEYLESS,
  policyOf,
  ROOTS,
  SUBJECT,
  unwitnessedBundle,
  verifiedBundle,
} from '../../lab/bundles/evidence.ts';

const OWN = { key: `sha256:${'ab'.repeat(32)}`, from: 'cosign.pub' };
const OTHER = { key: `sha256:${'cd'.repeat(32)}`, from: 'other.pub' };
const keyed: KeyAuthority = { kind: 'key', keys: [OWN], witness: 'required', roots: ROOTS };
const careless: KeyAuthority = {
  kind: 'key',
  keys: [OTHER],
  witness: 'insecure-ignored',
  roots: ROOTS,
};
const mallory = { sourceRepositoryUri: 'https://github.com/mallory/app' };

const certified = { verified: verifiedBundle() };
const foreign = { verified: verifiedBundle({ claims: mallory }) };
const byKey = { verified: verifiedBundle({ key: OWN }) };
const unseen = { verified: unwitnessedBundle(OWN) };

function judge(policies: NonEmpty<Policy>, ...checked: readonly Checked[]): Verdict {
  return evaluate(policies, SUBJECT, { checked, looked: [], failures: [] });
}

describe('several authorities', () => {
  const mixed: NonEmpty<Authority> = [KEYLESS, keyed];

  test.each([
    ['a certificate', certified, KEYLESS],
    ['a key', byKey, keyed],
  ])('accept %s under its own authority', (_, checked, authority) =>
    expect(judge([policyOf(['signature'], mixed)], checked)).toMatchObject({
      outcome: 'accepted',
      evidence: [
        {
          policy: 'inputs',
          requirement: 'signature',
          acceptances: [{ authority, bundle: checked.verified }],
        },
      ],
    }),
  );

  test.each<[string, Authority, Checked]>([
    ['a key under a certificate', KEYLESS, byKey],
    ['a certificate under a key', keyed, certified],
  ])('do not accept %s', (_, authority, checked) =>
    expect(judge([policyOf(['signature'], [authority])], checked).outcome).toBe('rejected'),
  );

  test('report the closest one of the right kind', () => {
    const far = {
      ...KEYLESS,
      circumstances: [{ name: 'event', matcher: exactly('schedule') }],
    } as const;
    const { unacceptable } = judge([policyOf(['signature'], [keyed, far, KEYLESS])], foreign);
    expect(unacceptable).toMatchObject([
      { requirement: 'signature', authority: KEYLESS, findings: [{ rule: 'repository' }] },
    ]);
    expect(unacceptable[0]?.findings).toHaveLength(1);
  });
});

describe('a signature without a log entry or timestamp', () => {
  test.each<[string, NonEmpty<Authority>]>([
    ['its own authority requires a log entry or timestamp', [keyed]],
    ['only another authority, for another key, does not require one', [keyed, careless]],
    ['only certificates are required', [KEYLESS]],
  ])('is rejected if %s', (_, authorities) =>
    expect(judge([policyOf(['signature'], authorities)], unseen)).toMatchObject({
      outcome: 'rejected',
      rejections: [unseen.verified.unwitnessed],
      unacceptable: [],
      ignored: [],
    }),
  );

  test('is accepted only by the authority of its key that ignores witnesses', () => {
    const checked = { verified: unwitnessedBundle(OTHER) };
    const lenient = policyOf(['signature'], [keyed, careless]);
    expect(judge([lenient], checked)).toMatchObject({
      outcome: 'accepted',
      evidence: [{ acceptances: [{ authority: careless }] }],
    });
    const strict = policyOf(['signature'], [{ ...keyed, keys: [OTHER] }]);
    expect(judge([lenient, strict], checked)).toMatchObject({
      outcome: 'rejected',
      unacceptable: [{ findings: [checked.verified.unwitnessed.finding] }],
    });
  });
});

describe('several policies', () => {
  const forImages = (path: string, policy: Policy): Policy => ({
    ...policy,
    name: path,
    images: { kind: 'prefix', prefix: path },
  });
  const own = forImages('ghcr.io/acme/', policyOf());
  const keys = forImages('ghcr.io/acme/app', policyOf(['signature'], [keyed]));
  const others = forImages('ghcr.io/other/', policyOf(['provenance']));

  test('must all be met if they match the image', () => {
    expect(judge([own, keys], certified)).toMatchObject({
      outcome: 'rejected',
      unmet: ['signature'],
    });
    const { outcome, ...rest } = judge([own, keys], certified, byKey);
    expect(outcome).toBe('accepted');
    expect('evidence' in rest && rest.evidence.map(({ policy }) => policy)).toEqual([
      'ghcr.io/acme/',
      'ghcr.io/acme/app',
    ]);
  });

  test('are ignored if they are for other images', () =>
    expect(judge([others, own], certified).outcome).toBe('accepted'));

  test('must include one that matches: without a policy nothing is accepted', () => {
    const provenance = { verified: verifiedBundle({ predicateType: PROVENANCE_TYPE }) };
    for (const checked of [[], [certified, provenance]])
      expect(judge([others], ...checked)).toMatchObject({
        outcome: 'rejected',
        failures: [
          {
            code: 'POLICY_UNMATCHED',
            message: `Cannot verify "ghcr.io/acme/app@${SUBJECT.digest}": no policy is for this image`,
            remedy: expect.stringContaining('match ghcr.io/other/*'),
          },
        ],
      });
  });
});
