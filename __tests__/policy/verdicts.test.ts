// The decision table of requirements: every combination of what is found for each, of who may sign, and of places that cannot be read.
import { describe, expect, test } from '@jest/globals';

import {
  KEYLESS,
  policyOf,
  rejection,
  ROOTS,
  SUBJECT,
  unwitnessedBundle,
  UNREAD,
  verifiedBundle,
} from '../../lab/bundles/evidence.ts';
import { exactly } from '../../src/model/matcher.ts';
import type { NonEmpty } from '../../src/model/non-empty.ts';
import type { Authority } from '../../src/model/policy.ts';
import { PROVENANCE_TYPE, SIGNATURE_TYPE } from '../../src/model/types.ts';
import type { Checked, Verdict } from '../../src/model/verdict.ts';
import { evaluate } from '../../src/policy/evaluate.ts';

const TYPES = { signature: SIGNATURE_TYPE, provenance: PROVENANCE_TYPE } as const;
type Type = keyof typeof TYPES;

/** Of one type: nothing, an accepted bundle, one by another signer, and both of the latter. */
const STATES = ['absent', 'accepted', 'foreign', 'foreign and accepted'] as const;
type State = (typeof STATES)[number];

const FOREIGN = { claims: { sourceRepositoryUri: 'https://github.com/mallory/app' } } as const;

function bundles(type: Type, state: State): readonly Checked[] {
  const predicateType = TYPES[type];
  const foreign = { verified: verifiedBundle({ predicateType, ...FOREIGN }) };
  const accepted = { verified: verifiedBundle({ predicateType }) };
  if (state === 'absent') return [];
  return state === 'foreign and accepted'
    ? [foreign, accepted]
    : [state === 'accepted' ? accepted : foreign];
}

interface Situation {
  readonly signature: State;
  readonly provenance: State;
  readonly invalid: number;
  readonly unread: number;
}

const SITUATIONS: readonly Situation[] = STATES.flatMap((signature) =>
  STATES.flatMap((provenance) =>
    [0, 1].flatMap((invalid) =>
      [0, 1].map((unread) => ({ signature, provenance, invalid, unread })),
    ),
  ),
);

function judge(required: NonEmpty<Type>, situation: Situation): Verdict {
  const { signature, provenance, invalid, unread } = situation;
  return evaluate([policyOf(required)], SUBJECT, {
    checked: [
      ...Array.from({ length: invalid }, () => ({ rejected: rejection() })),
      ...bundles('signature', signature),
      ...bundles('provenance', provenance),
    ],
    looked: [],
    failures: Array.from({ length: unread }, () => UNREAD),
  });
}

const isGood = (state: State): boolean => state.endsWith('accepted');

/** The rule, in other words than the product's. */
function expected(required: NonEmpty<Type>, situation: Situation): Verdict['outcome'] {
  if (required.every((type) => isGood(situation[type]))) return 'accepted';
  if (situation.unread > 0) return 'inconclusive';
  const isAnythingFound =
    situation.invalid > 0 || situation.signature !== 'absent' || situation.provenance !== 'absent';
  return isAnythingFound ? 'rejected' : 'unattested';
}

describe.each<[NonEmpty<Type>]>([[['signature']], [['provenance']], [['signature', 'provenance']]])(
  'a gate that requires %j',
  (required) => {
    test.each(SITUATIONS)(
      'decides with signature $signature, provenance $provenance, $invalid invalid and $unread unread',
      (situation) => {
        const verdict = judge(required, situation);
        expect(verdict.outcome).toBe(expected(required, situation));
        if (verdict.outcome !== 'accepted') return;
        expect(verdict.evidence.map(({ requirement }) => requirement)).toEqual(required);
        for (const { acceptances } of verdict.evidence)
          for (const { bundle } of acceptances) expect(bundle.signer).not.toMatchObject(FOREIGN);
      },
    );
  },
);

const OWN_KEY = { key: `sha256:${'1'.repeat(64)}`, from: 'own.pub' } as const;
const OTHER_KEY = { key: `sha256:${'2'.repeat(64)}`, from: 'other.pub' } as const;

const SIGNERS = {
  'the certificate of the repository': verifiedBundle(),
  'a certificate of another repository': verifiedBundle(FOREIGN),
  'a certificate of another issuer': verifiedBundle({ issuer: 'https://issuer.example' }),
  'a certificate of another root': verifiedBundle({ roots: ['/other.json'] }),
  'the key': verifiedBundle({ key: OWN_KEY }),
  'the key, of another root': verifiedBundle({ key: OWN_KEY, roots: ['/other.json'] }),
  'another key': verifiedBundle({ key: OTHER_KEY }),
  'the key without log entry or timestamp': unwitnessedBundle(OWN_KEY),
  'another key without log entry or timestamp': unwitnessedBundle(OTHER_KEY),
} as const;
type SignerName = keyof typeof SIGNERS;

const key = (witness: 'required' | 'insecure-ignored'): Authority => ({
  kind: 'key',
  keys: [OWN_KEY],
  witness,
  roots: ROOTS,
});
const otherIssuer: Authority = {
  ...KEYLESS,
  identities: [{ ...KEYLESS.identities[0], issuer: exactly('https://issuer.example') }],
};

const AUTHORITIES: readonly (readonly [string, NonEmpty<Authority>, readonly SignerName[]])[] = [
  ['the repository', [KEYLESS], ['the certificate of the repository']],
  ['another issuer', [otherIssuer], ['a certificate of another issuer']],
  ['the key', [key('required')], ['the key']],
  [
    'the key, also without log entry or timestamp',
    [key('insecure-ignored')],
    ['the key', 'the key, of another root', 'the key without log entry or timestamp'],
  ],
  [
    'the repository or the key',
    [KEYLESS, key('required')],
    ['the certificate of the repository', 'the key'],
  ],
  [
    'the repository or the key, also without log entry or timestamp',
    [KEYLESS, key('insecure-ignored')],
    [
      'the certificate of the repository',
      'the key',
      'the key, of another root',
      'the key without log entry or timestamp',
    ],
  ],
];

describe.each(AUTHORITIES)('a gate that trusts %s', (_, authorities, accepted) => {
  test.each(Object.keys(SIGNERS) as SignerName[])('decides on %s', (name) => {
    const checked: Checked = { verified: SIGNERS[name] };
    const gathered = { checked: [checked], looked: [], failures: [] };
    const { outcome } = evaluate([policyOf(['signature'], authorities)], SUBJECT, gathered);
    expect(outcome).toBe(accepted.includes(name) ? 'accepted' : 'rejected');
  });
});
