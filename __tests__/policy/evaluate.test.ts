// The truth table of the gate: what makes an image accepted, and everything that does not.
import { describe, expect, test } from '@jest/globals';

import type { NonEmpty } from '../../src/model/non-empty.ts';
import { PROVENANCE_TYPE } from '../../src/model/types.ts';
import type { Checked, Failure, Verdict } from '../../src/model/verdict.ts';
import { evaluate } from '../../src/policy/evaluate.ts';
import {
  policyOf,
  rejection,
  SUBJECT,
  UNREAD,
  verifiedBundle,
} from '../../lab/bundles/evidence.ts';

const signature = { verified: verifiedBundle() };
const provenance = { verified: verifiedBundle({ predicateType: PROVENANCE_TYPE }) };
const olderProvenance = {
  verified: verifiedBundle({ predicateType: 'https://slsa.dev/provenance/v0.2' }),
};
const sbom = { verified: verifiedBundle({ predicateType: 'https://spdx.dev/Document' }) };
const foreign = {
  verified: verifiedBundle({ claims: { sourceRepositoryUri: 'https://github.com/mallory/app' } }),
};
const foreignProvenance = {
  verified: verifiedBundle({ claims: {}, predicateType: PROVENANCE_TYPE }),
};
const junk = { rejected: rejection() };

function judge(
  require: NonEmpty<string>,
  checked: readonly Checked[],
  failures: readonly Failure[] = [],
): Verdict {
  return evaluate([policyOf(require)], SUBJECT, {
    checked,
    looked: [{ place: 'referrers API', answer: 'something' }],
    failures,
  });
}

describe('an image is accepted', () => {
  test.each<[string, NonEmpty<string>, readonly Checked[], readonly Failure[]]>([
    ['one valid signature', ['signature'], [signature], []],
    [
      'valid evidence next to invalid bundles, in any order',
      ['signature'],
      [junk, foreign, sbom, signature, junk],
      [],
    ],
    ['valid evidence, although a source cannot be read', ['signature'], [signature], [UNREAD]],
    ['every required type', ['signature', 'provenance'], [provenance, signature], []],
    ['provenance in either version', ['provenance'], [olderProvenance], []],
    ['a type by its URI', ['https://spdx.dev/Document'], [sbom], []],
    ['the same type by two names', ['provenance', PROVENANCE_TYPE], [provenance], []],
  ])('with %s', (_, require, checked, failures) => {
    const verdict = judge(require, checked, failures);
    expect(verdict.outcome).toBe('accepted');
    expect('evidence' in verdict && verdict.evidence.map(({ requirement }) => requirement)).toEqual(
      require,
    );
  });

  test('by every bundle that satisfies the requirement, and by no other', () => {
    const again = { verified: verifiedBundle({ place: 'elsewhere' }) };
    expect(judge(['signature'], [signature, foreign, again, provenance])).toMatchObject({
      evidence: [{ acceptances: [{ bundle: signature.verified }, { bundle: again.verified }] }],
    });
  });
});

describe('an image is not accepted', () => {
  test.each<[string, NonEmpty<string>, readonly Checked[], Verdict['outcome'], readonly string[]]>([
    ['nothing found', ['signature'], [], 'unattested', ['signature']],
    [
      'nothing found of several',
      ['signature', 'provenance'],
      [],
      'unattested',
      ['signature', 'provenance'],
    ],
    ['only invalid bundles', ['signature'], [junk, junk], 'rejected', ['signature']],
    ['only other types', ['signature'], [provenance, sbom], 'rejected', ['signature']],
    ['provenance in place of a signature', ['signature'], [provenance], 'rejected', ['signature']],
    ['a signature in place of provenance', ['provenance'], [signature], 'rejected', ['provenance']],
    ['only foreign signers', ['signature'], [foreign], 'rejected', ['signature']],
    [
      'one of two required types',
      ['signature', 'provenance'],
      [signature],
      'rejected',
      ['provenance'],
    ],
    [
      'a signature of the required signer and provenance of another one',
      ['signature', 'provenance'],
      [signature, foreignProvenance],
      'rejected',
      ['provenance'],
    ],
    [
      'a type that has only the same prefix',
      ['https://spdx.dev/Doc'],
      [sbom],
      'rejected',
      ['https://spdx.dev/Doc'],
    ],
  ])('with %s', (_, require, checked, outcome, unmet) => {
    expect(judge(require, checked)).toMatchObject({ outcome, unmet });
  });
});

describe('an image is inconclusive', () => {
  test.each<[string, readonly Checked[]]>([
    ['nothing', []],
    ['invalid bundles', [junk]],
    ['other signers', [foreign]],
    ['other types', [sbom]],
  ])('if a source was not read and there is only this: %s', (_, checked) =>
    expect(judge(['signature'], checked, [UNREAD])).toMatchObject({
      outcome: 'inconclusive',
      failures: [UNREAD],
    }),
  );

  test('if a source was not read and one requirement is not met', () => {
    expect(judge(['signature', 'provenance'], [signature], [UNREAD]).outcome).toBe('inconclusive');
  });
});

test('reports with every verdict what was found', () => {
  const seen = {
    rejections: [junk.rejected],
    ignored: [sbom.verified],
    looked: [{ place: 'referrers API', answer: 'something' }],
  };
  const finding = {
    rule: 'repository',
    expected: 'https://github.com/acme/app',
    found: 'https://github.com/mallory/app',
  };
  const candidates = [junk, sbom, foreign];
  for (const verdict of [
    judge(['signature'], [...candidates, signature]),
    judge(['signature'], candidates),
    judge(['signature'], candidates, [UNREAD]),
  ]) {
    expect(verdict).toMatchObject({
      ...seen,
      unacceptable: [{ bundle: foreign.verified, findings: [finding] }],
    });
  }
});
